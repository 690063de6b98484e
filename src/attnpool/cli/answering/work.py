"""What `predict` does once it is clear what is read, what answers and where the answers go."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.bulk import local
from attnpool.bulk.answers import answers, names
from attnpool.bulk.local import Job, identity_of
from attnpool.bulk.outputs import FileOutput, FolderOutput, Output, StreamOutput
from attnpool.bulk.parts import LISTED, REPLACES, Parts, record
from attnpool.bulk.predictor import Predictor
from attnpool.bulk.step import answered_table
from attnpool.bulk.survey import Survey
from attnpool.cli import bad_rows as bad_row_list
from attnpool.cli.answering.source import NAME as STDIN
from attnpool.cli.answering.target import Target
from attnpool.cli.arguments import ReadOptions
from attnpool.cli.streams import say, tell
from attnpool.errors import InputError
from attnpool.persistence.atomic import replace_file
from attnpool.progress import TerminalProgress
from attnpool.sanitize import counted
from attnpool.tables import TextForm, check_workbook, table_of, write_table

if TYPE_CHECKING:
    from attnpool.data import Rows, RowStream


@dataclass(frozen=True, slots=True)
class Work:
    """Rows, what answers them, and where the answers go.

    Attributes:
        data: What messages call the rows.
        model: The folder or the compact file of the model.
        predictor: What answers.
        rows: The rows.
        target: Where the answers go.
        form: How text files are written.
        reading: How rows are read.
        engine: What answers: `local`, or `ray` in a folder of parts.
    """

    data: str
    model: Path
    predictor: Predictor
    rows: RowStream
    target: Target
    form: TextForm
    reading: ReadOptions
    engine: str = "local"

    def run(self, *, workers: int, resume: bool, overwrite: bool) -> None:
        """Answer all rows and say how many there were.

        Args:
            workers: How many processes answer.
            resume: Whether to go on where a run that was stopped left off.
            overwrite: Whether to begin anew where there are parts of another run.

        Raises:
            InputError: A file, a row or a column is bad, or the output cannot be written.
        """
        if self.target.path is None or self.target.folder:
            self._in_parts(workers, resume=resume, overwrite=overwrite)
        elif self.target.suffix == ".xlsx":
            self._at_once(self.rows.read())
        else:
            chunks = self.rows.chunks(local.LIMIT)
            first = next(chunks)
            if next(chunks, None) is None and not record(self.target.parts or Path()):
                self._at_once(first)
            else:
                del first
                self._in_parts(workers, resume=resume, overwrite=overwrite)

    def _at_once(self, rows: Rows) -> None:
        output, predictor = self.target.path, self.predictor
        assert output is not None  # noqa: S101 - it is a file
        frame = rows.originals
        assert frame is not None  # noqa: S101 - they were asked for
        self._check_names(frame.columns)
        self._check_holds(rows)
        added = answers(
            predictor.model,
            rows.items,
            predictor.candidates,
            explain=predictor.explain,
            method=predictor.method,
            progress=TerminalProgress(),
        )
        table = answered_table(frame, added, self.target.suffix)
        replace_file(output, lambda file: write_table(table, file, output, self.form))
        bad_row_list.write(self.reading, [(rows.file or self.data, rows)])
        self._tell(len(rows), rows.skipped, [str(row.place) for row in rows.bad_rows])

    def _in_parts(self, workers: int, *, resume: bool, overwrite: bool) -> None:
        self._check_names(list(self.rows.names))
        self.predictor.pin()
        identity = self._identity()
        survey = self._survey()  # before anything that is there is replaced
        if survey.kinds is not None:
            self._check_names(list(survey.kinds))
        with self._output(identity, resume=resume, overwrite=overwrite) as output:
            job = Job(self.predictor, self.rows, survey, self.target.suffix, local.LIMIT)
            if self.engine == "ray" and isinstance(output, FolderOutput):
                from attnpool.integrations.ray.job import run

                run(job, output, workers, TerminalProgress())
            else:
                job.run(output, workers, TerminalProgress())
        self._tell(survey.count, survey.skipped, survey.first_bad)

    def _survey(self) -> Survey:
        """A look at all rows, whose bad ones are written to their file."""
        lacking = self.form.lacks_characters and self.target.delimited
        survey = Survey(self.rows, local.LIMIT, self._check_holds if lacking else None)
        with TerminalProgress().count("reading") as advance:

            def looked() -> Iterator[tuple[str, Rows]]:
                for rows in survey.look():
                    advance(len(rows))
                    yield rows.file or self.data, rows

            bad_row_list.write(self.reading, looked())
        return survey

    @contextmanager
    def _output(
        self, identity: dict[str, Any], *, resume: bool, overwrite: bool
    ) -> Iterator[Output[Any]]:
        target, form, folder = self.target, self.form, self.target.parts

        def unchanged() -> None:
            if self._identity() != identity:
                raise InputError(f"{self.data} or {self.model} has changed meanwhile; begin anew")

        if target.path is None or folder is None:
            yield StreamOutput(sys.stdout.buffer, target.suffix, form, unchanged)
            return
        listed = self.reading.bad_rows
        told = {
            REPLACES: not target.folder and target.path.exists(),
            LISTED: None if listed is None else str(listed.resolve()),
        }
        parts = Parts(
            *(folder, {**identity, **told}, target.suffix),
            resume=resume,
            overwrite=overwrite,
        )
        with closing(parts):
            try:
                yield (
                    FolderOutput(parts, form, unchanged)
                    if target.folder
                    else FileOutput(target.path, parts, form, unchanged)
                )
            except BaseException:
                self._tell_kept(parts, identity)
                raise

    def _tell_kept(self, parts: Parts, identity: dict[str, Any]) -> None:
        """Say what a run that ends early leaves; without a finished part it leaves nothing."""
        if not len(parts) or self.data == STDIN:
            parts.remove()
            return
        kept = (
            f"{counted(len(parts), 'finished part')} of {self.target.name} "
            f"{'is' if len(parts) == 1 else 'are'} kept in {parts.folder}"
        )
        with suppress(OSError, InputError):
            if self._identity() == identity:
                say(f"{kept}; the same command with --resume goes on")
                return
        say(f"{kept}, of the rows and the model as they were; --overwrite begins anew")

    def _identity(self) -> dict[str, Any]:
        return identity_of(self.rows, local.LIMIT, self.model, self._options())

    def _options(self) -> dict[str, Any]:
        """What else changes what is written."""
        predictor, form, reading = self.predictor, self.form, self.rows.reading
        return {
            "suffix": self.target.suffix,
            "explain": predictor.explain,
            "method": predictor.method,
            "candidates": predictor.candidates,
            "form": [form.encoding, form.mark, form.separator, form.safe],
            "reading": reading.to_dict(),
            "skip": self.reading.skips,
        }

    def _check_names(self, given: list[str]) -> None:
        """Refuse a file that has a column of a name that is added."""
        predictor = self.predictor
        added = names(predictor.model, predictor.candidates, explain=predictor.explain)
        if name := next((name for name in given if name in added), None):
            raise InputError(
                f"{self.data} has a column {name!r}, which predict adds; rename it in the file"
            )

    def _check_holds(self, rows: Rows) -> None:
        """Refuse a file that cannot hold all columns, before any text is answered."""
        assert rows.originals is not None  # noqa: S101 - they were asked for
        table, target, predictor = table_of(rows.originals), self.target, self.predictor
        added = names(predictor.model, predictor.candidates, explain=predictor.explain)
        place = target.path or Path(target.name)
        if target.suffix == ".xlsx":
            check_workbook(place, len(rows), len(table.names) + len(added))
        if target.delimited:
            # What will be written, whatever the columns hold.
            cells = table.csv_pieces(self.form.separator, safe=self.form.safe)
            self.form.check(place, chain(added, cells))

    def _tell(self, rows: int, skipped: int, bad: list[str]) -> None:
        left_out = f", {bad_row_list.counted_out(skipped, bad, self.rows.unit)}" if skipped else ""
        line = f"wrote {self.target.name}: {counted(rows, 'row')}{left_out}"
        if self.target.path is None:
            say(line)  # what is printed are the rows
        else:
            tell(line)
