"""Changes of JSON values and of bytes: of type, range, absence, order, size, nesting."""

import json
from random import Random
from typing import Any

_TWICE = "@twice@"
_RAW = "@raw@"
RAW = ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 5000, "[" * 2000 + "]" * 2000)
"""What `json.dumps` would not write, or not as it stands."""

VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3, 7, 10, 100, 1_000_000, 2**31 - 1, 2**31, 2**53, 2**63),
    *(-(2**63), 2**64, 10**30, 10**299, 0.5, -0.5, 1.0, 1.5, 1e-320, 1e30, 1e308, -1e308),
    *("", " ", "x", "0", "1", "nan", "words", "characters", "jieba", "pretrained", "attention"),
    *("max", "mean_query", "softmax", "siamese", "label", "cosine", "learned", "../../etc/passwd"),
    *("\ud800", "\x00", "\x1b[31m", "a\nb\r\nc", "\u202eabc", "好" * 1000, "x" * 100_000),
    *([], {}, [[]], [None], [1, 2], [2, 3], [3, 2], [1_000_000, 3], ["x", 3], [2, 2], [0], [-1]),
    *({"": None}, {"a": {"b": []}}, [True, False], list(range(2000)), ["a", 1, 1.5, None]),
)


def changed_json(value: Any, random: Random) -> tuple[bytes, str]:
    """A JSON text that differs from the value in one to three places, and what was changed."""
    form = {"": json.loads(json.dumps(value))}
    said = [_change(form, random) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    text = json.dumps(form[""], ensure_ascii=random.random() < 0.5)
    text = text.replace(f"{_TWICE}", "")
    for i, raw in enumerate(RAW):
        text = text.replace(f'"{_RAW}{i}"', raw)
    return text.encode("utf-8", "surrogatepass"), "; ".join(said)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, Any, tuple[Any, ...]]]:
    found = []
    keys = value if isinstance(value, dict) else range(len(value))
    for key in keys:
        found.append((value, key, (*path, key)))
        if isinstance(value[key], dict | list):
            found += _places(value[key], (*path, key))
    return found


def _change(form: dict[str, Any], random: Random) -> str:
    places = _places(form)
    # Names of a vocabulary are many: half of the changes are of what is shallow.
    shallow = [place for place in places if len(place[2]) <= 3]
    holder, key, path = random.choice(shallow if random.random() < 0.5 else places)
    name = "/".join(map(str, path[1:]))[:100] or "all"
    value = holder[key]
    kinds = [_replaced, _replaced, _raw, _scaled, _wrapped, _typed]
    if holder is not form:
        kinds += [_removed, _swapped] + [_twice, _renamed] * isinstance(holder, dict)
    if isinstance(value, list):
        kinds += [_longer, _shuffled]
    kind = random.choice(kinds)
    return f"{name}: {kind(holder, key, value, random)}"


def _replaced(holder: Any, key: Any, value: Any, random: Random) -> str:
    holder[key] = random.choice(VALUES)
    return f"is {holder[key]!r:.60}"


def _raw(holder: Any, key: Any, value: Any, random: Random) -> str:
    number = random.randrange(len(RAW))
    holder[key] = f"{_RAW}{number}"
    return f"is {RAW[number]:.20}"


def _scaled(holder: Any, key: Any, value: Any, random: Random) -> str:
    if isinstance(value, str):
        holder[key] = random.choice((value.upper(), value[:-1], value * 2, value + "\u0301"))
    elif isinstance(value, int | float):
        holder[key] = random.choice((value + 1, value - 1, -value, value * 1000, value / 3))
    else:
        holder[key] = None
    return f"is {holder[key]!r:.60}"


def _wrapped(holder: Any, key: Any, value: Any, random: Random) -> str:
    holder[key] = random.choice(([value], {"x": value}, [value, value]))
    return "wrapped"


def _typed(holder: Any, key: Any, value: Any, random: Random) -> str:
    holder[key] = random.choice((str(value), bool(value), float(len(str(value)))))
    return f"is {holder[key]!r:.60}"


def _removed(holder: Any, key: Any, value: Any, random: Random) -> str:
    del holder[key]
    return "removed"


def _swapped(holder: Any, key: Any, value: Any, random: Random) -> str:
    other = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    holder[key], holder[other] = holder[other], value
    return f"swapped with {other!r:.40}"


def _twice(holder: Any, key: Any, value: Any, random: Random) -> str:
    other = random.choice((value, *VALUES))
    holder[f"{_TWICE}{key}"] = other
    return f"twice, once {other!r:.40}"


def _renamed(holder: Any, key: Any, value: Any, random: Random) -> str:
    new = random.choice(("x", "", key + "s", key.upper(), "\ud800", "__class__"))
    holder[new] = holder.pop(key)
    return f"named {new!r}"


def _longer(holder: Any, key: Any, value: Any, random: Random) -> str:
    value.append(random.choice((*value, *VALUES)))
    return "longer"


def _shuffled(holder: Any, key: Any, value: Any, random: Random) -> str:
    random.shuffle(value)
    return "shuffled"


def changed_bytes(content: bytes, random: Random) -> tuple[bytes, str]:
    """The content with bytes flipped, cut, put in, repeated or zeroed, and what was changed."""
    place = random.randrange(len(content) + 1)
    end = min(len(content), place + random.choice((1, 2, 8, 100, 5000)))
    kind = random.choice(("flipped", "flipped", "cut", "left out", "put in", "zeroed", "repeated"))
    before, middle, after = content[:place], content[place:end], content[end:]
    if kind == "flipped":
        middle = bytes(byte ^ (1 << random.randrange(8)) for byte in middle)
    elif kind == "cut":
        middle, after = b"", b""
    elif kind == "left out":
        middle = b""
    elif kind == "put in":
        middle = random.randbytes(len(middle) or 1) + middle
    elif kind == "zeroed":
        middle = bytes(len(middle))
    else:
        middle *= random.choice((2, 3, 1000))
    return before + middle + after, f"bytes {place} to {end} {kind}"
