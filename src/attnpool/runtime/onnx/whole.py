"""Whether an ONNX file is all there is: one may keep its numbers in other files of the machine."""

from __future__ import annotations

from collections.abc import Iterator

# Which field of which message of onnx.proto holds which message, down to tensors.
_FIELDS = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14  # of a tensor: the other file, and that there is one
_VARINT, _MESSAGE = 0, 2  # how a field is written; groups are nothing that onnx has
_FIXED = {1: 8, 5: 4}  # bytes
_LONGEST_VARINT = 10  # bytes


def names_other_files(whole: bytes) -> bool:
    """Whether a tensor of a model has its numbers in another file, wherever in the model it is.

    Read here: releases of onnxruntime differ in which of these files they open.

    Args:
        whole: The content of an ONNX file, by whomever.

    Raises:
        ValueError: The content is no message of protobuf.
    """
    left = [("model", 0, len(whole))]
    while left:
        message, start, end = left.pop()
        for field, first, last in _parts(whole, start, end):
            if message == "tensor" and field in (_EXTERNAL_DATA, _DATA_LOCATION):
                if field == _EXTERNAL_DATA or last:
                    return True
            elif first and (inner := _FIELDS[message].get(field)):
                left.append((inner, first, last))
    return False


def _parts(whole: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The fields of a message: the number, and where its content is; of a number 0 and itself."""
    while at < end:
        tag, at = _varint(whole, at, end)
        kind = tag & 7
        first = last = 0
        if kind == _VARINT:
            last, at = _varint(whole, at, end)
        elif kind == _MESSAGE:
            size, first = _varint(whole, at, end)
            last = at = first + size
        elif kind in _FIXED:
            at += _FIXED[kind]
        if at > end or tag >> 32 or kind not in (_VARINT, _MESSAGE, *_FIXED):
            raise ValueError("no message of protobuf")
        yield tag >> 3, first, last


def _varint(whole: bytes, at: int, end: int) -> tuple[int, int]:
    value = 0
    for i, byte in enumerate(whole[at : min(end, at + _LONGEST_VARINT)]):
        value |= (byte & 0x7F) << 7 * i
        if byte < 0x80:
            return value, at + i + 1
    raise ValueError("no message of protobuf")
