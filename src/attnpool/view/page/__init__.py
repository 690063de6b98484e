"""Explanations as one HTML page, or as a fragment for notebooks."""
