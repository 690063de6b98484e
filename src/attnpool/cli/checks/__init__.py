"""What is found out about rows once they are read: all at once, or some at a time."""

from attnpool.cli.checks.labels import LabelCheck, answerable, known_labels
from attnpool.cli.checks.left_out import full_place, place_of, without

__all__ = ["LabelCheck", "answerable", "full_place", "known_labels", "place_of", "without"]
