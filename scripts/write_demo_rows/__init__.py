"""Writes the bundled demo rows out of the phrase banks beside this file."""
