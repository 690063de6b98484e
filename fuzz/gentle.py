"""Changes of Parquet files and of packed ones after which many can still be read."""

import gzip
import io
import zipfile
from collections.abc import Callable
from random import Random

from fuzz.values import changed_bytes

_END = 8  # the length of the footer, and PAR1


def changed_parquet(content: bytes, random: Random) -> tuple[bytes, str]:
    """The file with a few bits of its pages or of its footer changed, and what was changed."""
    length = int.from_bytes(content[-_END:-4], "little")
    footer = max(4, len(content) - _END - length)
    where = random.random()
    if where < 0.05 or footer <= 4:
        other = (length + random.choice((-1, 1))) % 2**32
        return content[:-_END] + other.to_bytes(4, "little") + content[-4:], "length of the footer"
    changes: tuple[Callable[[bytearray, int, int, Random], str], ...]
    if where < 0.7:
        changes, begin, end = (_bit, _one_off, _length, _letter, _moved), 4, footer
    else:
        changes, begin, end = (_one_off, _letter, _letter, _bit), footer, len(content) - _END
    new = bytearray(content)
    said = random.choice(changes)(new, begin, end, random)
    return bytes(new), f"{'pages' if begin == 4 else 'footer'}: {said}"


def _bit(new: bytearray, begin: int, end: int, random: Random) -> str:
    at = random.randrange(begin, end)
    new[at] ^= 1 << random.randrange(8)
    return f"a bit of {at}"


def _one_off(new: bytearray, begin: int, end: int, random: Random) -> str:
    at, by = random.randrange(begin, end), random.choice((-2, -1, 1, 2))
    new[at] = (new[at] + by) % 256
    return f"{by} at {at}"


def _length(new: bytearray, begin: int, end: int, random: Random) -> str:
    """What looks like the length of a string, as it stands before each in a page."""
    found = [i for i in range(begin, end - 4) if 0 < new[i] < 100 and not any(new[i + 1 : i + 4])]
    at, by = random.choice(found or [begin]), random.choice((-1, 1, 3, 200))
    new[at] = (new[at] + by) % 256
    return f"length at {at} by {by}"


def _letter(new: bytearray, begin: int, end: int, random: Random) -> str:
    found = [i for i in range(begin, end) if chr(new[i]).isascii() and chr(new[i]).isalnum()]
    at, other = random.choice(found or [begin]), random.choice(b"a0\0\n\xff\x80")
    new[at] = other
    return f"{other} for the letter at {at}"


def _moved(new: bytearray, begin: int, end: int, random: Random) -> str:
    size = random.choice((1, 4, 16))
    to, at = (random.randrange(begin, max(begin + 1, end - size)) for _ in range(2))
    new[to : min(end, to + size)] = new[at : at + min(end, to + size) - to]
    return f"{size} bytes of {at} at {to}"


def changed_workbook(content: bytes, random: Random) -> tuple[bytes, str]:
    """The workbook with the bytes of one of its parts changed, and what was changed."""
    new = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(new, "w") as packed:
        chosen = random.choice([one.filename for one in old.infolist() if one.file_size])
        for one in old.infolist():
            part = old.read(one)
            if one.filename == chosen:
                part, what = changed_bytes(part, random)
            packed.writestr(one, part)
    return new.getvalue(), f"{chosen}: {what}"


def changed_gzip(
    content: bytes, random: Random, change: Callable[[bytes, Random], tuple[bytes, str]]
) -> tuple[bytes, str]:
    """The packed file with what it holds changed, and what was changed."""
    inner, said = change(gzip.decompress(content), random)
    return gzip.compress(inner, mtime=0), said
