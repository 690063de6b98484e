"""What stands between a command and whoever types it: the words, the screen and its width."""
