"""Changes of `.safetensors` files: of their headers, and of what their tensors hold."""

import json
from random import Random
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save

from fuzz.values import changed_bytes, changed_json

Arrays = dict[str, np.ndarray]

_NUMBERS = (np.nan, np.inf, -np.inf, 3e38, -3e38, 1e30, 1e10, 0.0, -1.0, 1e-40)
_WHOLE = (0, 1, -1, 2, 100, 2**31 - 1, 2**62, -(2**62))
_TYPES = ("float64", "float32", "float16", "int64", "int32", "int8", "uint8", "bool")


def opened(content: bytes) -> tuple[Arrays, dict[str, str]]:
    """The arrays and the metadata of a file."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    types = {"F32": "f4", "F16": "f2", "F64": "f8", "I8": "i1", "I16": "i2", "I32": "i4"}
    types |= {"I64": "i8", "U64": "u8", "U8": "u1", "BOOL": "?"}
    arrays = {}
    for name, one in header.items():
        begin, end = one["data_offsets"]
        whole = np.frombuffer(content[8 + length + begin : 8 + length + end], types[one["dtype"]])
        arrays[name] = whole.reshape(one["shape"]).copy()
    return arrays, metadata


def packed(arrays: Arrays, metadata: dict[str, str] | None = None) -> bytes:
    """The file of some arrays."""
    return save({k: np.ascontiguousarray(a) for k, a in arrays.items()}, metadata=metadata or None)


def changed_header(content: bytes, random: Random) -> tuple[bytes, str]:
    """The file with another header before the same numbers, and what was changed."""
    length = int.from_bytes(content[:8], "little")
    if random.random() < 0.2:
        other = random.choice((0, 1, length - 1, length + 1, 2**31, 2**63, len(content), 10**8))
        return other.to_bytes(8, "little") + content[8:], f"header of {other} bytes"
    header, said = changed_json(json.loads(content[8 : 8 + length]), random)
    header += b" " * (-len(header) % 8)
    whole = len(header).to_bytes(8, "little") + header + content[8 + length :]
    return whole, f"header {said}"


def changed_arrays(arrays: Arrays, random: Random) -> str:
    """Change one array in place, or which arrays there are; what was changed."""
    if not arrays:
        return "nothing"
    name = random.choice(sorted(arrays))
    array = arrays[name]
    kind = random.choice(("numbers", "numbers", "all", "gone", "named", "type", "shape", "bits"))
    said: Any = kind
    if kind in ("numbers", "all") and array.size:
        said = random.choice(_NUMBERS if array.dtype.kind == "f" else _WHOLE)
        flat = array.reshape(-1)
        count = flat.size if kind == "all" else random.choice((1, 2, 10))
        places = [random.randrange(flat.size) for _ in range(min(count, flat.size))]
        with np.errstate(all="ignore"):
            one = np.array([said]).astype(array.dtype)[0]
        flat[slice(None) if kind == "all" else places] = one
    elif kind == "bits" and array.size:
        bytes_ = array.reshape(-1).view(np.uint8)
        for _ in range(3):
            bytes_[random.randrange(bytes_.size)] = random.randrange(256)
    elif kind == "gone":
        del arrays[name]
    elif kind == "named":
        said = random.choice((f"{name}.x", "x", "", name.upper()))
        arrays[said] = arrays.pop(name)
    elif kind == "type":
        said = random.choice(_TYPES)
        with np.errstate(all="ignore"):
            arrays[name] = array.astype(said)
    elif kind == "shape":
        rows = np.atleast_1d(array)
        shapes = (array.reshape(-1), rows[:0], array[None], array.T, np.repeat(rows[:1], 3, 0))
        said = random.randrange(len(shapes)) if array.ndim else "none"
        arrays[name] = shapes[said] if array.ndim else array.reshape(1, 1)
    return f"{name}: {said}"


def changed_tensors(content: bytes, random: Random) -> tuple[bytes, str]:
    """The file with its bytes, header or numbers changed, and what was changed."""
    kind = random.random()
    if kind < 0.2:
        return changed_bytes(content, random)
    if kind < 0.45:
        return changed_header(content, random)
    arrays, metadata = opened(content)
    said = changed_arrays(arrays, random)
    return packed(arrays, metadata), said


def metadata_of(path: Any) -> dict[str, str]:
    """The metadata of a file."""
    with safe_open(path, framework="np") as file:
        return dict(file.metadata() or {})
