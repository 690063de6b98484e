"""ONNX files of trained models, run by onnxruntime without torch.

`model.export("model.onnx")` and `attnpool export MODEL -o model.onnx` write one.
"""

from __future__ import annotations

from attnpool.runtime.onnx.inputs import OnnxReader
from attnpool.runtime.onnx.model import OnnxModel, OnnxOutputs

__all__ = ["OnnxModel", "OnnxOutputs", "OnnxReader"]
