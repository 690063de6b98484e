"""Models of ONNX files, read and run by onnxruntime and numpy: no torch."""

__all__: list[str] = []
