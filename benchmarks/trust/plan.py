"""The parts of the whole: what to run for each, and what to write of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.trust import measuring, methods, models, page, people, people_tables
from benchmarks.trust.parallel import at_once
from benchmarks.trust.rationales import SOURCES
from benchmarks.trust.run_cache import Run, Runs
from benchmarks.trust.subjects import CLASSIFIED, NAMES, subject
from benchmarks.trust.variants import DEFAULT, VARIANTS

PARTS = (*NAMES, "every-pair", "rationales", "models")
FULL = 300
"""How many held rows to ask about; from so many on all pairs and all marked texts."""


@dataclass(frozen=True)
class Plan:
    """What to do.

    Attributes:
        data: The folder of public files.
        docs: Where the page is.
        runs: Where runs are kept.
        texts: How many held rows to ask about; from `FULL` on, every pair where all are asked.
        seeds: How many seeds; of `rationales` folds, at most five.
        jobs: How many models to measure at once where no time is.
    """

    data: Path
    docs: Path
    runs: Runs
    texts: int = FULL
    seeds: int = 5
    jobs: int = 1

    def run(self, part: str, chosen: Sequence[str] = ()) -> None:
        """Measure a part, and write the page after every run; of `models` chosen variants."""
        if part == "models":
            self._models(chosen)
        elif part == "rationales":
            self._rationales()
        elif part == "every-pair":
            self._every("lcqmc")
        else:
            self._methods(part)

    def of(self, name: str, variant: str, seed: int) -> Run:
        """One model; of the default all methods, with their cost."""
        whole = variant == DEFAULT
        measure = partial(
            measuring.measure,
            subject(name, self.data),
            seed,
            self.texts,
            VARIANTS[variant],
            measuring.METHODS if whole else measuring.FEW,
            whole=whole,
        )
        return self.runs.make(self._name(name, variant, seed), measure)

    def _name(self, name: str, variant: str, seed: int) -> str:
        return f"{name} {variant} {self.texts} texts seed {seed}"

    def _methods(self, name: str) -> None:
        done = []
        for seed in range(self.seeds):
            done.append(self.of(name, DEFAULT, seed))
            found = page.read(self.docs)
            found["methods"][name] = methods.summary(subject(name, self.data).title, done)
            found["methods"] = {k: found["methods"][k] for k in NAMES if k in found["methods"]}
            page.write(self.docs, found)

    def _every(self, name: str) -> None:
        """The methods that are compared, of all held rows: few leave pairs undecided."""
        asked, done = subject(name, self.data), []
        texts = len(asked.test[0]) if self.texts >= FULL else self.texts
        for seed in range(self.seeds):
            measure = partial(measuring.measure, asked, seed, texts, {}, measuring.FEW, whole=False)
            done.append(self.runs.make(f"{name} every {texts} texts seed {seed}", measure))
            found = page.read(self.docs)
            which = "all" if texts == len(asked.test[0]) else "of"
            title = f"{asked.title}, {which} {texts:,} held rows"
            found["every"][name] = methods.summary_of_every(title, done)
            page.write(self.docs, found)

    def _models(self, chosen: Sequence[str]) -> None:
        # Seed after seed: what is cut short has every variant with some seeds.
        every = [
            (name, variant, seed)
            for seed in range(self.seeds)
            for name in CLASSIFIED
            for variant in chosen or VARIANTS
        ]
        # Time is measured of the default: one after the other.
        for jobs, processes in (
            ([one for one in every if one[1] == DEFAULT], 1),
            ([one for one in every if one[1] != DEFAULT], self.jobs),
        ):
            for name, variant in at_once([partial(self._one, *job) for job in jobs], processes):
                self._note(name, variant)

    def _one(self, name: str, variant: str, seed: int) -> tuple[str, str]:
        self.of(name, variant, seed)
        return name, variant

    def _note(self, name: str, variant: str) -> None:
        """Write what is known of a variant by now."""
        kept = [self.runs.get(self._name(name, variant, seed)) for seed in range(self.seeds)]
        found = page.read(self.docs)
        of_set = found["models"].setdefault(name, {"title": "", "variants": {}})
        of_set["title"] = subject(name, self.data).title
        of_set["variants"][variant] = models.of_variant([run for run in kept if run])
        of_set["variants"] = {k: v for k in VARIANTS if (v := of_set["variants"].get(k))}
        found["models"] = {k: found["models"][k] for k in CLASSIFIED if k in found["models"]}
        page.write(self.docs, found)

    def _rationales(self) -> None:
        texts = None if self.texts >= FULL else self.texts
        for source, (title, read) in SOURCES.items():
            rows, done = read(self.data), []
            for fold in range(min(self.seeds, people.FOLDS)):
                name = f"{source} {texts or 'all'} texts fold {fold}"
                done.append(self.runs.make(name, partial(people.measure, rows, fold, texts)))
                found = page.read(self.docs)
                found["people"][source] = people_tables.summary(title, done)
                found["people"] = {k: found["people"][k] for k in SOURCES if k in found["people"]}
                page.write(self.docs, found)
