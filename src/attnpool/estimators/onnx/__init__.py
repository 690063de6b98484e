"""A fitted model to one ONNX file."""

__all__: list[str] = []
