"""The demo: train on the bundled rows, explain rows never seen, write one page."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attnpool.data.demo_rows import load_demo
from attnpool.estimators import TextClassifier
from attnpool.explanation import Explanation
from attnpool.gallery.evidence import evidence_share
from attnpool.persistence.atomic import not_written, replace_file
from attnpool.progress import Progress
from attnpool.view.page.html import to_html
from attnpool.view.page.section import Section

_LEAD = (
    "Small models, each trained a moment ago on rows written for this demo, explain rows they "
    "have never seen, right and wrong ones alike. The deeper the colour of a character, the "
    "longer the model looked at it. That is where it looked, which is not yet why it decided."
)


@dataclass(frozen=True, slots=True)
class Example:
    """One task of the demo.

    Attributes:
        task: The name of its bundled rows.
        title: The heading.
        lead: What it shows.
        right: How many right answers to show.
        wrong: How many wrong ones at most.
    """

    task: str
    title: str
    lead: str
    right: int = 4
    wrong: int = 2


EXAMPLES = (
    Example(
        "sentiment",
        "Sentiment, two ways · 正负情感",
        "Short reviews of hotels, food, parcels and films: 正面 praises, 负面 complains. Mixed "
        "reviews do both; the label follows the part that weighs more.",
    ),
    Example("moods", "Four moods · 四种情绪", "Short posts: 喜悦, 愤怒, 厌恶 or 低落."),
    Example(
        "titles",
        "News titles, ten classes · 新闻标题",
        "Titles of invented news. One or two words usually tell the class.",
        right=6,
    ),
    Example(
        "articles",
        "Long articles · 长文分类",
        "Hundreds of characters of which few tell the class: the rest is filler that all classes "
        "share.",
        right=2,
        wrong=1,
    ),
)


def build_demo(out: Path, progress: Progress | None = None) -> dict[str, float]:
    """Write `out/index.html`, and the sentiment model beside it as `out/sentiment`.

    Args:
        out: The folder; made if it is missing.
        progress: Where to show how far it is; nowhere unless given.

    Returns:
        The accuracy on the test rows of each task.

    Raises:
        InputError: The folder cannot be made or written.
    """
    sections, accuracies = [], {}
    for example in EXAMPLES:
        model, section, accuracy = _build(example, progress)
        sections.append(section)
        accuracies[example.task] = accuracy
        if example.task == "sentiment":
            sentiment = model
    page = to_html(title="attnpool: what small models look at", lead=_LEAD, sections=sections)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise not_written(out, error) from None
    # The page first: by it a later demo knows the folder.
    replace_file(out / "index.html", lambda file: file.write_text(page, encoding="utf-8"))
    sentiment.save(out / "sentiment", overwrite=True)
    return accuracies


def _build(example: Example, progress: Progress | None) -> tuple[TextClassifier, Section, float]:
    train, test = load_demo(example.task, "train"), load_demo(example.task, "test")
    began = time.perf_counter()
    model = TextClassifier().fit(train.texts[0], train.labels, progress=progress)
    seconds = time.perf_counter() - began
    explanations = model.explain(test.texts[0], labels=test.labels)
    accuracy = float(np.mean([e.correct for e in explanations]))
    on = evidence_share(explanations, test.evidence)
    chance = max(Counter(test.labels).values()) / len(test.labels)
    figures = {
        f"accuracy on {len(explanations)} rows it never saw; "
        f"always the same answer: {chance:.3f}": f"{accuracy:.3f}",
        f"to train on {len(train.labels)} rows": f"{seconds:.1f} s",
        "of the colour lies on the words that carry the label; "
        f"spread evenly it would be {on.tokens:.0%}": f"{on.weight:.0%}",
    }
    section = Section(
        title=example.title,
        id=example.task,
        lead=example.lead,
        figures=figures,
        explanations=_samples(explanations, example),
    )
    return model, section, accuracy


def _samples(explanations: list[Explanation], example: Example) -> list[Explanation]:
    """Some right answers, of as many classes as possible, and some wrong ones."""
    order = np.random.default_rng(0).permutation(len(explanations)).tolist()
    right = [explanations[i] for i in order if explanations[i].correct]
    wrong = [explanations[i] for i in order if not explanations[i].correct]
    # The first of each class, then the second of each: no class fills the page alone.
    rank: dict[str, int] = {}
    turns = []
    for explanation in right:
        turns.append(rank.get(explanation.prediction, 0))
        rank[explanation.prediction] = turns[-1] + 1
    right = [right[i] for i in np.argsort(turns, kind="stable").tolist()]
    return right[: example.right] + wrong[: example.wrong]
