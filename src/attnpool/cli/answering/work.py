"""What `predict` does once it is clear what is read, what answers and where the answers go."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attnpool.bulk import local
from attnpool.bulk.answers import answers, names
from attnpool.bulk.local import Job, answered_table, identity, items_of
from attnpool.bulk.outputs import FileOutput, FolderOutput, Output, StreamOutput
from attnpool.bulk.parts import Parts
from attnpool.bulk.predictor import Predictor
from attnpool.bulk.survey import Survey
from attnpool.cli import bad_rows as bad_row_list
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
            if next(chunks, None) is None:
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
            items_of(rows),
            predictor.candidates,
            explain=predictor.explain,
            method=predictor.method,
            progress=TerminalProgress(),
        )
        table = answered_table(frame, added, self.target.suffix)
        replace_file(output, lambda file: write_table(table, file, output, self.form))
        bad_row_list.write(self.reading, [(self.data, rows)])
        self._tell(len(rows), rows.skipped, [str(row.place) for row in rows.bad_rows])

    def _in_parts(self, workers: int, *, resume: bool, overwrite: bool) -> None:
        self._check_names(list(self.rows.names))
        lacking = self.form.lacks_characters and self.target.delimited
        survey = Survey(self.rows, local.LIMIT, self._check_holds if lacking else None)
        with TerminalProgress().count("reading") as advance:

            def looked() -> Iterator[tuple[str, Rows]]:
                for rows in survey.look():
                    advance(len(rows))
                    yield rows.file or self.data, rows

            bad_row_list.write(self.reading, looked())
        if survey.kinds is not None:
            self._check_names(list(survey.kinds))
        job = Job(self.predictor, self.rows, survey, self.target.suffix, local.LIMIT)
        with self._output(job, resume=resume, overwrite=overwrite) as output:
            if self.engine == "ray" and isinstance(output, FolderOutput):
                from attnpool.integrations.ray.job import run

                run(job, output, workers, TerminalProgress())
            else:
                job.run(output, workers, TerminalProgress())
        self._tell(survey.count, survey.skipped, survey.first_bad)

    @contextmanager
    def _output(self, job: Job, *, resume: bool, overwrite: bool) -> Iterator[Output]:
        target, form = self.target, self.form
        if target.path is None:
            yield StreamOutput(sys.stdout.buffer, target.suffix, form)
            return
        folder = target.parts
        assert folder is not None  # noqa: S101 - it has a path
        run = identity(job, self.model, self._options())
        with ExitStack() as stack:
            parts = Parts(folder, run, target.suffix, resume=resume, overwrite=overwrite)
            stack.callback(parts.close)
            try:
                yield (
                    FolderOutput(parts, form)
                    if target.folder
                    else FileOutput(target.path, parts, form)
                )
            except BaseException:
                if len(parts):
                    say(
                        f"{counted(len(parts), 'finished part')} of {target.name} "
                        f"{'is' if len(parts) == 1 else 'are'} kept in {folder}; the same command "
                        "with --resume goes on"
                    )
                elif not target.folder:
                    parts.remove()
                raise

    def _options(self) -> dict[str, Any]:
        """What else changes what is written."""
        predictor, form, reading = self.predictor, self.form, self.rows.reading
        return {
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
            self.form.check(place, chain(table.names, added, table.texts()))

    def _tell(self, rows: int, skipped: int, bad: list[str]) -> None:
        left_out = f", {bad_row_list.counted_out(skipped, bad, self.rows.unit)}" if skipped else ""
        line = f"wrote {self.target.name}: {rows:,} rows{left_out}"
        if self.target.path is None:
            say(line)  # what is printed are the rows
        else:
            tell(line)
