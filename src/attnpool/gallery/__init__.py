"""The demo and the gallery: examples that are trained, explained and drawn on one page."""
