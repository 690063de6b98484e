"""Models to explanations: attribution methods."""
