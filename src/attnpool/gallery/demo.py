"""The demo: train on the bundled rows, explain unseen rows, write one page."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attnpool.data.demo_rows import load_demo
from attnpool.estimators import TextClassifier
from attnpool.explain.phrases import phrases
from attnpool.explanation import Explanation
from attnpool.gallery import bilingual
from attnpool.gallery.evidence import evidence_share
from attnpool.gallery.samples import mixed
from attnpool.gallery.worked_page import worked_section
from attnpool.metrics import majority_class
from attnpool.persistence.atomic import not_written, replace_file
from attnpool.progress import Progress
from attnpool.view.page.html import to_html
from attnpool.view.page.section import Section
from attnpool.view.words import Words, check_language

_PHRASES = 8  # in a list


@dataclass(frozen=True, slots=True)
class Example:
    """One task of the demo.

    Attributes:
        task: The name of its bundled rows, and of its words.
        right: How many correct predictions to show.
        wrong: How many errors to show at most.
    """

    task: str
    right: int = 4
    wrong: int = 2


EXAMPLES = (
    Example("sentiment"),
    Example("reviews"),
    Example("moods"),
    Example("titles", right=6),
    Example("articles", right=2, wrong=1),
)


def build_demo(
    out: Path, progress: Progress | None = None, *, lang: str | None = None
) -> dict[str, tuple[float, float]]:
    """Write `out/index.html`, `out/live.html`, and the sentiment model as `out/sentiment`.

    Args:
        out: The folder; created if it is missing.
        progress: Where to show progress; default: nowhere.
        lang: The language of the page, `"en"` or `"zh"`; default: Chinese, as most rows are.

    Returns:
        The accuracy on the test rows of each task and of the live page's model, and that of
        always predicting their most frequent class.

    Raises:
        InputError: The folder cannot be made or written.
    """
    words = Words(check_language(lang or "zh"))
    sections, accuracies = [], {}
    for example in EXAMPLES:
        model, section, accuracy = _build(example, words, progress)
        sections.append(section)
        accuracies[example.task] = accuracy
        if example.task == "sentiment":
            sentiment = model
    sections.append(worked_section(words))
    both = bilingual.train_bilingual(progress)
    accuracies[bilingual.PAGE] = both.accuracy, both.majority
    shares = {name: f"{share:.3f}" for name, share in both.accuracies.items()}
    lead = [words("demo.lead"), words("demo.live", **shares)]
    page = to_html(
        title=words("demo.title"),
        lead=words("between-sentences").join(lead),
        links={words("demo.link"): bilingual.PAGE},
        sections=sections,
        lang=words.language,
    )
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise not_written(out, error) from None
    # The page first: by it a later demo knows the folder.
    replace_file(out / "index.html", lambda file: file.write_text(page, encoding="utf-8"))
    both.model.export(
        out / bilingual.PAGE, title=bilingual.TITLE, examples=bilingual.EXAMPLES, overwrite=True
    )
    sentiment.save(out / "sentiment", overwrite=True)
    return accuracies


def _build(
    example: Example, words: Words, progress: Progress | None
) -> tuple[TextClassifier, Section, tuple[float, float]]:
    train, test = load_demo(example.task, "train"), load_demo(example.task, "test")
    began = time.perf_counter()
    model = TextClassifier().fit(train.texts[0], train.labels, progress=progress)
    seconds = time.perf_counter() - began
    explanations = model.explain(test.texts[0], labels=test.labels)
    accuracy = float(np.mean([e.correct for e in explanations]))
    on = evidence_share(explanations, test.evidence)
    _, chance = majority_class(test.labels)
    accuracy_on = words("demo.accuracy", count=len(explanations), majority=f"{chance:.3f}")
    figures = {
        accuracy_on: f"{accuracy:.3f}",
        words("demo.time", count=len(train.labels)): words(
            "gallery.seconds", seconds=f"{seconds:.1f}"
        ),
        words("demo.evidence", uniform=f"{on.tokens:.0%}"): f"{on.weight:.0%}",
    }
    section = Section(
        title=words(f"demo.{example.task}.title"),
        id=example.task,
        lead=words(f"demo.{example.task}.lead"),
        figures=figures,
        note=words("demo.note"),
        phrases=phrases(
            model.explain([*train.texts[0], *test.texts[0]], method="contribution"),
            shown=_PHRASES,
        ),
        explanations=_samples(explanations, example),
    )
    return model, section, (accuracy, chance)


def _samples(explanations: list[Explanation], example: Example) -> list[Explanation]:
    """Some correct predictions, of as many classes as possible, and some errors."""
    order = np.random.default_rng(0).permutation(len(explanations)).tolist()
    right = [explanations[i] for i in order if explanations[i].correct]
    wrong = [explanations[i] for i in order if not explanations[i].correct]
    return mixed(right)[: example.right] + wrong[: example.wrong]
