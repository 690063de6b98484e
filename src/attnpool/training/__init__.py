"""The loop, its recipe, model folders, metrics and progress."""
