"""Public data sets by name, each read in its original format."""
