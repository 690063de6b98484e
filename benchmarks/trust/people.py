"""Part 3: whether the values land on what people marked as the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.model_selection import StratifiedKFold

from attnpool import TextClassifier
from attnpool.explain.faithfulness.agreement import MEASURES, agreement
from attnpool.explain.faithfulness.measures import DRAWS
from attnpool.explain.methods.lcs import token_shares
from attnpool.explanation import Side
from benchmarks.trust.measuring import DECIMALS, SIZE
from benchmarks.trust.rationales import Marked
from benchmarks.trust.run_cache import Run

METHODS = ("attention", "contribution", "gradient_x_input", "leave_one_out")
TO_LABEL = "contribution to the true class"
PEOPLE = "the other people"
FOLDS = 5
Measures = dict[str, float]


def measure(rows: Sequence[Marked], fold: int, texts: int | None, draws: int = DRAWS) -> Run:
    """Train on four fifths, and hold the values against the marks in the others.

    Args:
        rows: The texts; those without marks are trained on too.
        fold: Which of five fifths is held, and the seed of the model.
        texts: How many of the held texts with marks to measure at most.
        draws: How many random orders to average.
    """
    labels = [row.label for row in rows]
    split = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels)
    train, test = list(split)[fold]
    model = TextClassifier(seed=fold).fit([rows[i].text for i in train], [labels[i] for i in train])
    held = [rows[i] for i in test]
    asked = [row for row in held if row.people][:texts]
    predicted = model.predict([row.text for row in asked]).tolist()
    by_text = [
        of_text(row, sides, draws, seed)
        for seed, (row, sides) in enumerate(zip(asked, _explained(model, asked), strict=True))
    ]
    return {
        "train": len(train),
        "accuracy": float(model.score([row.text for row in held], [row.label for row in held])),
        "right": [a == row.label for a, row in zip(predicted, asked, strict=True)],
        "methods": {
            name: {k: [round(of[name][k], DECIMALS) for of in by_text] for k in MEASURES}
            for name in (by_text[0] if by_text else ())
        },
    }


def _explained(model: TextClassifier, asked: Sequence[Marked]) -> list[dict[str, Side]]:
    """The values of each method for the predicted class, and for the class people marked for."""
    texts = [row.text for row in asked]
    found = [[one.sides[0] for one in model.explain(texts, name)] for name in METHODS]
    sides = [dict(zip(METHODS, of_text, strict=True)) for of_text in zip(*found, strict=True)]
    for label in {row.label for row in asked}:
        here = [i for i, row in enumerate(asked) if row.label == label]
        explained = model.explain([texts[i] for i in here], "contribution", target=label)
        for i, one in zip(here, explained, strict=True):
            sides[i][TO_LABEL] = one.sides[0]
    return sides


def of_text(row: Marked, sides: Mapping[str, Side], draws: int, seed: int) -> dict[str, Measures]:
    """The measures of one text, the mean over the people who marked it.

    Every method is told how many units a person marked. Where several people marked the text,
    each is held against the others too, `PEOPLE`: the values are how many of the others marked.
    """
    units = sides["attention"].spans if row.units is None else row.units
    read = max((side.read_until for side in sides.values()), default=0)
    units = units[units[:, 1] <= read]
    people = [token_shares(marks, units) > 0 for marks in row.people]
    values = {name: unit_values(side, units) for name, side in sides.items()}
    values[SIZE] = np.abs(values["contribution"])
    found = {
        name: _mean([agreement(p, of, seed=seed) for p in people]) for name, of in values.items()
    }
    rng = np.random.default_rng(seed)
    chance = [rng.random(len(units)) for _ in range(draws)]
    found["random"] = _mean([agreement(p, of) for p in people for of in chance])
    if len(people) > 1:
        others = [np.sum(people, axis=0) - person for person in people]
        found[PEOPLE] = _mean(
            [
                agreement(p, of.astype(float), seed=seed)
                for p, of in zip(people, others, strict=True)
            ]
        )
    return found


def unit_values(side: Side, units: np.ndarray) -> np.ndarray:
    """What the tokens of each unit have together; a token belongs where it begins."""
    if not len(units):
        return np.zeros(0)
    owners = np.searchsorted(units[:, 0], side.spans[:, 0], side="right") - 1
    inside = (owners >= 0) & (side.spans[:, 0] < units[owners, 1])
    return np.bincount(
        owners[inside], weights=side.values[inside].astype(np.float64), minlength=len(units)
    )


def _mean(of: Sequence[Measures]) -> Measures:
    return {k: float(np.mean([one[k] for one in of])) for k in MEASURES}
