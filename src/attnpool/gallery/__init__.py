"""Examples that train and draw themselves from the bundled rows."""

__all__: list[str] = []
