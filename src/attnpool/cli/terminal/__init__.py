"""What stands between a command and whoever types it: the words, the screen and what is printed."""

from attnpool.cli.terminal.argv import check_texts, check_words, start_in_utf8
from attnpool.cli.terminal.guard import guarded

__all__ = ["check_texts", "check_words", "guarded", "start_in_utf8"]
