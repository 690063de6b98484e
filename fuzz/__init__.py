"""Hostile and damaged input by the thousand: what is neither answered nor refused in one line."""
