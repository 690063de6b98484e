"""Answer and explain by an ONNX file: onnxruntime, numpy and attnpool's tokeniser, no torch.

    attnpool export MODEL -o model.onnx
    python examples/onnx_explain.py model.onnx TEXT [TEXT ...] [--page OUT.html]

Prints the answer for each text and the three tokens that moved it most: by contribution where the
file has it, else by attention. A matcher reads two texts at a time. Needs attnpool and onnxruntime.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from attnpool import Explanation, InputError, render
from attnpool.integrations.onnx import OnnxModel


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("model")
    parser.add_argument("texts", nargs="+", metavar="TEXT")
    parser.add_argument("--page", metavar="OUT.html", help="draw the texts (not pairs) on a page")
    options = parser.parse_args()
    model, texts = OnnxModel(options.model), options.texts
    sides = model.reader.metadata.sides
    if len(texts) % sides:
        raise InputError("the model compares two texts; give an even number of them")
    sources: list[tuple[str, ...]] = list(
        zip(*(texts[k::sides] for k in range(sides)), strict=True)
    )
    items = texts if sides == 1 else sources

    outputs, probabilities = model.run(items), model.predict_proba(items)
    classes = [str(name) for name in model.classes_.tolist()]
    drawn = []
    for i, source in enumerate(sources):
        answer = int(probabilities[i].argmax())
        if outputs.contributions is not None:
            method, values = "contribution", outputs.contributions[i][answer]
        else:
            method, values = "attention", outputs.weights[i].mean(axis=0)
        # The tokens of a pair are those of the left text and then those of the right one.
        of_side = np.repeat(range(sides), outputs.lengths[:, i])
        words = [
            source[side][start:end]
            for side, (start, end) in zip(of_side, outputs.spans[i].tolist(), strict=True)
        ]
        most = sorted(range(len(words)), key=lambda k: -abs(values[k]))[:3]
        moved = ", ".join(f"{words[k]} {values[k]:+.2f}" for k in most)
        print(f"{classes[answer]} {probabilities[i, answer]:.3f}  {' | '.join(source)}")
        print(f"  {method}: {moved or 'no tokens'}")
        if sides == 1:
            chances = dict(zip(classes, probabilities[i].tolist(), strict=True))
            drawn.append(
                Explanation.from_values(
                    source[0],
                    outputs.spans[i],
                    values,
                    method=method,
                    weights=outputs.weights[i],
                    probabilities=chances,
                )
            )
    if options.page and drawn:
        Path(options.page).write_text(render(drawn), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except InputError as error:
        sys.exit(f"onnx_explain: {error}")
