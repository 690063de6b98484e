"""The worked example as paragraphs and tables: for a page, and for docs/worked-example.md.

Weights, vectors and their products have three decimals; logits, contributions and probabilities
have two. The last digit of a number that is added up is chosen so that the column adds up to the
sum below it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from attnpool._shapes import Float
from attnpool.gallery.worked_example import CODE, ENGLISH, TEXT, WorkedExample, work_out
from attnpool.view.page.section import Section
from attnpool.view.page.table import Table
from attnpool.view.words import Words

Block = str | Table


def worked_section(words: Words, part: str = "") -> Section:
    """The example as a section of a page; the model is trained now, in about a second.

    Args:
        words: The words of the language.
        part: The part of the page that it belongs to.
    """
    example = work_out()
    return Section(
        title=words("worked.title"),
        id="worked-example",
        lead=words("worked.lead"),
        explanations=(example.contribution, example.attention),
        part=part,
        short=words("worked.title"),
        body=blocks(example, words),
        command=CODE.strip(),
    )


def blocks(example: WorkedExample, words: Words) -> list[Block]:
    """The paragraphs and tables, in order."""
    target, own, logits = example.contribution.target, example.target, example.logits
    return [
        words("worked.text", text=TEXT if words.language == "zh" else f"{TEXT}: {ENGLISH}"),
        words("worked.pool"),
        _pooling(example, words),
        words("worked.classify"),
        _classes(example, words),
        _products(example, words),
        words("worked.explain", target=target, d=", ".join(shown(x, 3) for x in example.direction)),
        _contributions(example, words),
        words(
            "worked.sum",
            margin=shown(example.margin, 2),
            target=target,
            own=shown(logits[own], 2),
            mean=bracketed(float(logits.mean()), 2),
        ),
        _lesson(example, words),
        words("worked.rounding"),
    ]


def _pooling(example: WorkedExample, words: Words) -> Table:
    weights, whole = summands(example.weights, 3)
    products = example.weights[:, None] * example.vectors
    columns = [summands(column, 3) for column in products.T]
    dims = range(1, len(columns) + 1)
    sums = [shown(total, 3) for _, total in columns]
    return Table(
        words("worked.pooling"),
        [words("worked.token"), "a", *(f"v{i}" for i in dims), *(f"a × v{i}" for i in dims)],
        [
            [
                token,
                shown(weights[i], 3),
                *(shown(v, 3) for v in example.vectors[i]),
                *(shown(column[i], 3) for column, _ in columns),
            ]
            for i, token in enumerate(example.tokens)
        ],
        [words("worked.total"), shown(whole, 3), *[""] * len(columns), *sums],
    )


def _classes(example: WorkedExample, words: Words) -> Table:
    dims = range(1, len(example.pooled) + 1)
    return Table(
        words("worked.weights"),
        [
            words("worked.class"),
            *(f"w{i}" for i in dims),
            words("worked.bias"),
            words("logit"),
            words("worked.probability"),
        ],
        [
            [
                name,
                *(shown(w, 3) for w in example.class_weights[i]),
                shown(example.biases[i], 3),
                shown(example.logits[i], 2),
                shown(example.probabilities[i], 2),
            ]
            for i, name in enumerate(example.contribution.labels)
        ],
    )


def _products(example: WorkedExample, words: Words) -> Table:
    """The same written out, so that it can be followed with a calculator."""
    rows = []
    for i, name in enumerate(example.contribution.labels):
        terms = " + ".join(
            f"{bracketed(p, 3)} × {bracketed(w, 3)}"
            for p, w in zip(example.pooled, example.class_weights[i], strict=True)
        )
        bias = bracketed(example.biases[i], 3)
        logit = shown(example.logits[i], 2)
        rows.append([words("worked.logit-of", name=name), f"{terms} + {bias} = {logit}"])
    powers = " + ".join(f"e^{bracketed(logit, 2)}" for logit in example.logits)
    own = f"e^{bracketed(example.logits[example.target], 2)}"
    probability = shown(example.probabilities[example.target], 2)
    rows.append(
        [
            words("worked.probability-of", name=example.contribution.target),
            f"{own} / ({powers}) = {probability}",
        ]
    )
    head = [words("worked.number"), words("worked.how")]
    return Table(words("worked.calculation"), head, rows, numbers=False)


def _contributions(example: WorkedExample, words: Words) -> Table:
    weights, _ = summands(example.weights, 3)
    along = example.vectors @ example.direction
    parts, total = summands(np.append(example.pulls, example.bias), 2)
    return Table(
        words("worked.contributions", target=example.contribution.target),
        [words("worked.token"), "a", "v·d", "a × (v·d)"],
        [
            *(
                [
                    token,
                    shown(weights[i], 3),
                    shown(along[i], 2),
                    shown(parts[i], 2, signed=True),
                ]
                for i, token in enumerate(example.tokens)
            ),
            [words("worked.bias"), "", "", shown(parts[-1], 2, signed=True)],
        ],
        [words("worked.total"), "", "", shown(total, 2, signed=True)],
    )


def _lesson(example: WorkedExample, words: Words) -> str:
    """Two tokens that attention cannot tell apart."""
    pulls, tokens = example.pulls, example.tokens
    shares = [shown(a, 3) for a in summands(example.weights, 3)[0]]
    against = int(np.where(pulls < 0, example.weights, -1).argmax())
    towards = int(np.where(pulls > 0, example.weights, -1).argmax())
    return words(
        "worked.lesson",
        target=example.contribution.target,
        against=tokens[against],
        low=shares[against],
        towards=tokens[towards],
        high=shares[towards],
    )


def summands(
    values: Float[np.ndarray, "numbers"] | Sequence[float], digits: int
) -> tuple[list[float], float]:
    """Numbers rounded so that they add up to their rounded sum.

    Each is rounded down or up (the largest remainders go up), so none is a whole unit of the last
    digit away from its exact value.

    Args:
        values: The numbers.
        digits: How many decimals they keep.

    Returns:
        The rounded numbers, and their sum.
    """
    units = np.asarray(values, dtype=np.float64) * 10**digits
    down = np.floor(units)
    total = round(float(units.sum()))
    up = np.argsort(down - units, kind="stable")[: total - int(down.sum())]
    down[up] += 1
    return (down / 10**digits).tolist(), total / 10**digits


def shown(value: float, digits: int, *, signed: bool = False) -> str:
    """A number with so many decimals and a true minus sign."""
    text = f"{value:{'+' if signed else ''}.{digits}f}".replace("-", "−")
    return text if float(f"{value:.{digits}f}") else text.lstrip("+−")


def bracketed(value: float, digits: int) -> str:
    """The number, in brackets if it is negative."""
    text = shown(value, digits)
    return text if text[0].isdigit() else f"({text})"


def to_markdown(example: WorkedExample, words: Words) -> str:
    """The paragraphs and tables as Markdown."""
    return "\n".join(
        f"{block}\n" if isinstance(block, str) else _markdown_table(block)
        for block in blocks(example, words)
    )


def _markdown_table(table: Table) -> str:
    align = ["---", *["---:" if table.numbers else "---"] * (len(table.head) - 1)]
    rows = [table.head, align, *table.rows, *([table.total] if table.total else [])]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
