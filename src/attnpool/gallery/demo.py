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

_LEAD = (
    "Each small model was trained when this page was made, on rows written for this demo. It "
    "explains rows that it has never seen, correct predictions as well as errors. Orange "
    "characters moved the model towards its prediction, blue ones away from it. A click shows "
    "attention instead: where the model looked, not why it decided."
)
_LIVE = (
    "One more model reads reviews in both languages, and runs in a page of its own, in which you "
    "type. Its accuracy on unseen rows: {accuracies}."
)


_PHRASES = 8  # in a list


@dataclass(frozen=True, slots=True)
class Example:
    """One task of the demo.

    Attributes:
        task: The name of its bundled rows.
        title: The heading.
        lead: What it shows.
        right: How many correct predictions to show.
        wrong: How many errors to show at most.
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
        "Short reviews of hotels, food, parcels and films: 正面 is praise, 负面 is a complaint. "
        "Mixed reviews have both; the label follows the part that weighs more.",
    ),
    Example(
        "reviews",
        "Reviews in English, two ways · 英文评论",
        "Short reviews of hotels, food, parcels and films, like the Chinese ones above: praise "
        "and complaints, some with a “but”.",
    ),
    Example("moods", "Four moods · 四种情绪", "Short posts: 喜悦, 愤怒, 厌恶 or 低落."),
    Example(
        "titles",
        "News titles, ten classes · 新闻标题",
        "Titles of invented news. One or two words usually give the class away.",
        right=6,
    ),
    Example(
        "articles",
        "Long articles · 长文分类",
        "Hundreds of characters, of which only a few give the class away. The rest is filler that "
        "all classes share.",
        right=2,
        wrong=1,
    ),
)


def build_demo(out: Path, progress: Progress | None = None) -> dict[str, tuple[float, float]]:
    """Write `out/index.html`, `out/live.html`, and the sentiment model as `out/sentiment`.

    Args:
        out: The folder; created if it is missing.
        progress: Where to show progress; default: nowhere.

    Returns:
        The accuracy on the test rows of each task and of the live page's model, and that of
        always predicting their most frequent class.

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
    sections.append(worked_section())
    both = bilingual.train_bilingual(progress)
    accuracies[bilingual.PAGE] = both.accuracy, both.majority
    by_language = ", ".join(f"{name} {share:.3f}" for name, share in both.accuracies.items())
    page = to_html(
        title="attnpool: what small models look at",
        lead=f"{_LEAD} {_LIVE.format(accuracies=by_language)}",
        links={bilingual.LINK: bilingual.PAGE},
        sections=sections,
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
    example: Example, progress: Progress | None
) -> tuple[TextClassifier, Section, tuple[float, float]]:
    train, test = load_demo(example.task, "train"), load_demo(example.task, "test")
    began = time.perf_counter()
    model = TextClassifier().fit(train.texts[0], train.labels, progress=progress)
    seconds = time.perf_counter() - began
    explanations = model.explain(test.texts[0], labels=test.labels)
    accuracy = float(np.mean([e.correct for e in explanations]))
    on = evidence_share(explanations, test.evidence)
    _, chance = majority_class(test.labels)
    figures = {
        f"accuracy on {len(explanations)} unseen rows (majority class: {chance:.3f})": (
            f"{accuracy:.3f}"
        ),
        f"training time on {len(train.labels)} rows": f"{seconds:.1f} s",
        "of what speaks for the prediction is on the words that carry the label (if uniform: "
        f"{on.tokens:.0%})": f"{on.weight:.0%}",
    }
    section = Section(
        title=example.title,
        id=example.task,
        lead=example.lead,
        figures=figures,
        note="The phrases that moved the model most towards each class, over all rows of the task, "
        "with their mean contribution per occurrence and their count.",
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
