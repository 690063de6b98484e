"""Models on disk: the model folder, its card, and atomic writes."""

__all__: list[str] = []
