"""Where the answers go: a file, a folder of parts, or standard output."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from attnpool.cli import outputs
from attnpool.data.formats.compressed import suffix_of
from attnpool.errors import InputError, require
from attnpool.tables import SUFFIXES, check_libraries

OUTPUT_FORMATS = ("csv", "tsv", "jsonl", "parquet")
ENGINES = ("local", "ray")
STDOUT = "-"
_DELIMITED = (".csv", ".tsv")
_LIKE = {".ndjson": ".jsonl", ".json": ".jsonl", ".pq": ".parquet", ".tab": ".tsv"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where the answers go.

    Attributes:
        path: The file or the folder; None: standard output.
        suffix: The format: of the file, of each part, or of what is printed.
        folder: Whether it is a folder of parts.
    """

    path: Path | None
    suffix: str
    folder: bool = False

    @classmethod
    def of(
        cls, given: str, output_format: str | None, data: str, input_format: str | None = None
    ) -> Target:
        """What an option names.

        Args:
            given: `-`, a file, or a folder: one that is there, or with a slash at its end.
            output_format: The format of standard output or of parts; default: that of the data.
            data: The file or folder that is read.
            input_format: The format of what is read from stdin.

        Raises:
            InputError: There is no such format, or it cannot be written here.
        """
        if output_format is not None and output_format not in OUTPUT_FORMATS:
            raise InputError(
                f"--output-format {output_format}: the formats are {', '.join(OUTPUT_FORMATS)}"
            )
        named = None if output_format is None else f".{output_format}"
        if given == STDOUT:
            if named == ".parquet":
                raise InputError("a Parquet file is not printed; name a file with -o")
            return cls(None, named or ".jsonl")
        path = outputs.path(given)
        if given.endswith(("/", os.sep)) or path.is_dir():
            like = Path(f"stdin.{input_format}") if data == STDOUT and input_format else Path(data)
            target = cls(path, named or _suffix_like(like), folder=True)
        elif named is not None:
            raise InputError(
                "--output-format is for a folder of parts, with a slash at its end, and for "
                "stdout; a file's name tells its format"
            )
        else:
            target = cls(path, path.suffix.lower())
        if target.suffix not in SUFFIXES:
            raise InputError(f"{given}: name a file that ends in {', '.join(SUFFIXES)}")
        check_libraries(Path(f"{given}{target.suffix}") if target.folder else path)
        return target

    @property
    def name(self) -> str:
        """What messages call it."""
        return "standard output" if self.path is None else str(self.path)

    @property
    def delimited(self) -> bool:
        """Whether it is CSV or tab-separated."""
        return self.suffix in _DELIMITED

    @property
    def parts(self) -> Path | None:
        """The folder of the parts; of a file the one beside it; None for standard output."""
        if self.path is None or self.folder:
            return self.path
        return self.path.with_name(f"{self.path.name}.parts")

    def lists(self, bad_rows: Path | None) -> bool:
        """Whether a run that was stopped lists its bad rows in this file."""
        from attnpool.bulk.parts import LISTED, record

        if self.parts is None or bad_rows is None:
            return False
        return record(self.parts).get(LISTED) == str(bad_rows.resolve())

    def check_engine(self, engine: str, data: str) -> None:
        """Refuse an engine that is none, or that cannot write here or read what is given.

        Args:
            engine: Its name.
            data: The file or folder that is read.

        Raises:
            InputError: It cannot, or is not installed.
        """
        if engine not in ENGINES:
            raise InputError(f"--engine {engine}: the engines are {', '.join(ENGINES)}")
        if engine == "local":
            return
        if not self.folder:
            raise InputError(
                f"--engine {engine} writes a folder of parts; name one with a slash at its end"
            )
        if data == STDOUT:
            raise InputError(f"--engine {engine} reads no stdin; give a file or a folder")
        require(f"--engine {engine}", "ray", "pyarrow", extra="ray")

    def check(
        self, data: str, encoding: str | None, *, resume: bool = False, overwrite: bool = False
    ) -> None:
        """Refuse a place that must not or cannot be written, and an encoding that is of no use.

        Args:
            data: The file that is read, which is never replaced.
            encoding: The encoding to write in, where one is named.
            resume: Whether to go on with parts that are there.
            overwrite: Whether a file may be replaced.

        Raises:
            InputError: It must not, or cannot.
        """
        from attnpool.bulk.parts import REPLACES, check_parts, is_joined, record
        from attnpool.data.formats.encodings import check_encoding
        from attnpool.persistence.atomic import check_writable

        if resume and data == STDOUT:
            raise InputError("--resume reads its rows again, which stdin cannot; leave it out")
        if encoding is not None:
            if not self.delimited:
                raise InputError(
                    f"--output-encoding is for .csv and .tsv, not {self.suffix}; leave it out"
                )
            check_encoding(encoding)
        if self.path is None or self.parts is None:
            if resume or overwrite:
                option = "--resume" if resume else "--overwrite"
                raise InputError(f"{option} does nothing for standard output; leave it out")
            return
        if not self.folder:
            if self.parts.is_symlink():
                raise InputError(f"{self.parts} is a link, where parts would stand; move it away")
            told = record(self.parts).get(REPLACES) is True or is_joined(self.parts)
            going_on = resume and told  # what is there is that of the run, or was to be replaced
            outputs.check_file(self.path, overwrite=overwrite or going_on, data=data)
            check_parts(self.parts, resume=resume, overwrite=overwrite)
            return
        check_writable(self.path)
        if self.path.exists() and not self.path.is_dir():
            raise InputError(f"{self.path} is not a folder; name another")
        check_parts(self.path, resume=resume, overwrite=overwrite)
        _check_apart(self.path, Path(data))


def _check_apart(folder: Path, data: Path) -> None:
    """Refuse to write parts into the folder that is read."""
    if not data.is_dir():
        return
    place, given = folder.resolve(), data.resolve()
    if place == given or (folder.exists() and folder.samefile(data)):
        raise InputError(f"{folder} is the input folder; write to another")
    if given in place.parents:
        raise InputError(f"{folder} is inside the input folder; write elsewhere")


def _suffix_like(data: Path) -> str:
    """The format of what is read, where it is one that is written in parts."""
    from attnpool.data.streams.places import part_paths

    parts = part_paths(data) if data.is_dir() else [data]
    suffix = suffix_of(parts[0]) if parts else ""
    suffix = _LIKE.get(suffix, suffix)
    return suffix if suffix.removeprefix(".") in OUTPUT_FORMATS else ".csv"
