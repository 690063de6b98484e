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

TITLE = "One prediction in numbers · 用数字看一次预测"
LEAD = (
    "How pooling with attention makes a prediction: weights times vectors give one vector, and "
    "that vector gives the prediction. Every number of a very small model is shown."
)

Block = str | Table


def worked_section(part: str = "") -> Section:
    """The example as a section of a page; the model is trained now, in about a second.

    Args:
        part: The part of the page that it belongs to.
    """
    example = work_out()
    return Section(
        title=TITLE,
        id="worked-example",
        lead=LEAD,
        explanations=(example.contribution, example.attention),
        part=part,
        short="One prediction in numbers",
        body=blocks(example),
        command=CODE.strip(),
    )


def blocks(example: WorkedExample) -> list[Block]:
    """The paragraphs and tables, in order."""
    target, own, logits = example.contribution.target, example.target, example.logits
    d = ", ".join(shown(x, 3) for x in example.direction)
    return [
        f"The text is {TEXT}: {ENGLISH}. The classes are 正面 (praise) and 负面 (complaint). The "
        "tokens are single characters, and each token vector v has two numbers, v1 and v2. The "
        "model was trained on the bundled reviews.",
        "中文：注意力权重 a 乘以 token 向量 v，相加得到池化向量；池化向量乘以类别的权重，"
        "再加偏置，得到 logit；softmax 把 logit 变成概率。",
        "Step 1: pool. Attention gives each token a weight a. The weights are not negative and sum "
        "to 1. The pooled vector is the sum of weight times vector.",
        _pooling(example),
        "Step 2: classify. Each class has its own weights w and a bias. Its logit is pooled vector "
        "times class weights, plus the bias. Softmax makes the logits into probabilities.",
        _classes(example),
        _products(example),
        f"Step 3: explain. The direction d of {target} is its weights less the mean of all "
        f"classes' weights: d = ({d}). A token pulls towards the class if v·d is positive, and "
        "against it if v·d is negative. Its weight a sets how much of that counts. The product "
        "a × (v·d) is its contribution.",
        _contributions(example),
        f"The sum {shown(example.margin, 2)} is the logit of {target} less the mean of all logits, "
        f"{shown(logits[own], 2)} − {bracketed(float(logits.mean()), 2)}. So the contributions and "
        "the bias are the prediction, split over the tokens.",
        _lesson(example),
        "Rounding: a, v, w, d and a × v are shown with three decimals, the other numbers with "
        "two. In a column with a sum, the last digits are chosen so that the column adds up. "
        "Numbers computed from the shown ones can differ in the last digit.",
    ]


def _pooling(example: WorkedExample) -> Table:
    weights, whole = summands(example.weights, 3)
    products = example.weights[:, None] * example.vectors
    columns = [summands(column, 3) for column in products.T]
    dims = range(1, len(columns) + 1)
    return Table(
        "Weights times vectors",
        ["token", "a", *(f"v{i}" for i in dims), *(f"a × v{i}" for i in dims)],
        [
            [
                token,
                shown(weights[i], 3),
                *(shown(v, 3) for v in example.vectors[i]),
                *(shown(column[i], 3) for column, _ in columns),
            ]
            for i, token in enumerate(example.tokens)
        ],
        ["sum", shown(whole, 3), *[""] * len(columns), *(shown(total, 3) for _, total in columns)],
    )


def _classes(example: WorkedExample) -> Table:
    dims = range(1, len(example.pooled) + 1)
    return Table(
        "Class weights",
        ["class", *(f"w{i}" for i in dims), "bias", "logit", "probability"],
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


def _products(example: WorkedExample) -> Table:
    """The same written out, so that it can be followed with a calculator."""
    rows = []
    for i, name in enumerate(example.contribution.labels):
        terms = " + ".join(
            f"{bracketed(p, 3)} × {bracketed(w, 3)}"
            for p, w in zip(example.pooled, example.class_weights[i], strict=True)
        )
        bias = bracketed(example.biases[i], 3)
        rows.append([f"logit of {name}", f"{terms} + {bias} = {shown(example.logits[i], 2)}"])
    powers = " + ".join(f"e^{bracketed(logit, 2)}" for logit in example.logits)
    own = f"e^{bracketed(example.logits[example.target], 2)}"
    probability = shown(example.probabilities[example.target], 2)
    rows.append(
        [f"probability of {example.contribution.target}", f"{own} / ({powers}) = {probability}"]
    )
    return Table("Calculation", ["number", "calculation"], rows, numbers=False)


def _contributions(example: WorkedExample) -> Table:
    weights, _ = summands(example.weights, 3)
    along = example.vectors @ example.direction
    parts, total = summands(np.append(example.pulls, example.bias), 2)
    return Table(
        f"Contributions to {example.contribution.target}",
        ["token", "a", "v·d", "a × (v·d)"],
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
            ["bias", "", "", shown(parts[-1], 2, signed=True)],
        ],
        ["sum", "", "", shown(total, 2, signed=True)],
    )


def _lesson(example: WorkedExample) -> str:
    """Two tokens that attention cannot tell apart."""
    target, pulls = example.contribution.target, example.pulls
    shares = [shown(a, 3) for a in summands(example.weights, 3)[0]]
    against = int(np.where(pulls < 0, example.weights, -1).argmax())
    towards = int(np.where(pulls > 0, example.weights, -1).argmax())
    tokens = example.tokens
    return (
        f"Attention alone does not say which way a token pulls. {tokens[against]} has a weight of "
        f"{shares[against]} and pulls against {target}. {tokens[towards]} has a weight of "
        f"{shares[towards]} and pulls towards {target}."
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


def to_markdown(example: WorkedExample) -> str:
    """The paragraphs and tables as Markdown."""
    return "\n".join(
        f"{block}\n" if isinstance(block, str) else _markdown_table(block)
        for block in blocks(example)
    )


def _markdown_table(table: Table) -> str:
    align = ["---", *["---:" if table.numbers else "---"] * (len(table.head) - 1)]
    rows = [table.head, align, *table.rows, *([table.total] if table.total else [])]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
