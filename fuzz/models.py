"""Damaged and made-up models: `python -m fuzz.models --cases 10000 --seed 0`.

Each case is a copy of a small model with something changed: in JSON values, bytes, headers or
numbers. In most of them digests and sizes are made anew, so that the change gets past the check of
what a model was saved with. The model is then loaded, asked, and saved again. A surprise is what
is neither an answer nor a refusal in one line: another exception, more than ten seconds or two
gigabytes, NaN, anything printed; and another answer where the digests would have told. Each is
written to a folder: its model, and what was changed and happened. `--replay FOLDER` tries those
again.
"""

import argparse
import hashlib
import importlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch

import attnpool
import attnpool.estimators.exporting
import attnpool.estimators.loading
import attnpool.runtime.loading
from attnpool.runtime.file import FORMAT, digest
from fuzz import child
from fuzz.samples import make
from fuzz.tensors import changed_arrays, changed_tensors, opened, packed
from fuzz.values import changed_bytes, changed_json

# What loading some models imports: each case, a fork, would import it anew.
os.environ |= {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
for _needed in ("jieba", "tokenizers", "transformers.models.bert.modeling_bert"):
    importlib.import_module(_needed)

SEALED = 0.85  # of all cases have digests that fit
_TEXTS = ["房间很干净", "", "a wonderfully dull film", "好", "x " * 30]


def case(path: Path, expected: list[list[float]] | None = None) -> child.Outcome:
    """Load, ask and save a model in a process of its own.

    Args:
        path: A folder or a compact file.
        expected: The probabilities that it must answer with if it answers; None: any.
    """
    return child.run(partial(_asked, path, expected))


def answers(path: Path) -> list[list[float]]:
    """The probabilities that a model answers with."""
    model: Any = attnpool.load(path)
    found: list[list[float]] = model.predict_proba(_items(model)).tolist()
    return found


def _items(model: Any) -> list[Any]:
    architecture = getattr(model, "architecture", None)
    if architecture is not None and hasattr(model, "model_"):
        architecture = model.model_.config.architecture
    if architecture in (None, "label"):
        return _TEXTS
    return list(zip(_TEXTS, [*_TEXTS[1:], _TEXTS[0]], strict=True))


def _asked(path: Path, expected: list[list[float]] | None) -> str:
    model: Any = attnpool.load(path)
    items = _items(model)
    found = model.predict_proba(items)
    assert np.isfinite(found).all(), "an answer that is not finite"
    assert np.allclose(found.sum(1), 1), "probabilities that do not add up"
    if expected is not None:
        same = np.shape(found) == np.shape(expected) and np.allclose(found, expected, atol=1e-4)
        assert same, "another answer, unnoticed"
    assert len(model.predict(items)) == len(items)
    for method in (None, "attention"):
        for one in model.explain(items, method=method):
            assert all(np.isfinite(side.values).all() for side in one.sides), "values"
            attnpool.render(one)
    model.known_rows(items)
    repr(model), model._repr_mimebundle_() if hasattr(model, "_repr_mimebundle_") else None
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / ("again" if path.is_dir() else "again.safetensors")
        model.save(again)
        loaded: Any = attnpool.load(again)
        assert np.allclose(loaded.predict_proba(items), found, atol=1e-4), "saved as another"
    return "answered"


def changed(place: Path, to: Path, random: Random, *, sealed: bool) -> str:
    """A copy of a model with something changed; what was changed.

    Args:
        place: The model, a folder or a compact file.
        to: Where the copy shall stand.
        random: What decides.
        sealed: Whether digests and sizes are made to fit.
    """
    if not place.is_dir():
        return _changed_file(place, to, random, sealed=sealed)
    shutil.copytree(place, to)
    name = random.choice(("config.json", "config.json", *sorted(p.name for p in place.iterdir())))
    file = to / name
    content = file.read_bytes()
    if name.endswith(".safetensors"):
        content, said = changed_tensors(content, random)
    elif name.endswith(".json") and random.random() < 0.8:
        content, said = changed_json(json.loads(content), random)
    else:
        content, said = changed_bytes(content, random)
    file.write_bytes(content)
    if sealed:
        seal(to)
    return f"{name}: {said}"


def seal(folder: Path) -> None:
    """Make the digests and sizes of a folder fit what it holds, as whoever made it up would."""
    path = folder / "config.json"
    try:
        text = path.read_text("utf-8")
        config = json.loads(text)
        digests, sizes = config["sha256"], config.get("bytes", {})
        for name in [*digests]:
            if name == "config.json":
                new = ""
            else:
                new = hashlib.sha256((folder / name).read_bytes()).hexdigest()
                size = (folder / name).stat().st_size
                text = text.replace(f'"{name}": {sizes.get(name)}', f'"{name}": {size}')
            # In the text: what is not JSON as Python writes it stays.
            text = text.replace(f'"{digests[name]}"', f'"{new}"')
        text = re.sub(r',\s*"config.json": ""', "", text)
        path.write_text(text, "utf-8")
    except (ValueError, TypeError, LookupError, AttributeError, OSError, RecursionError):
        pass  # no digests are left to make


def _changed_file(place: Path, to: Path, random: Random, *, sealed: bool) -> str:
    content = place.read_bytes()
    if not sealed:
        content, said = changed_tensors(content, random)
        to.write_bytes(content)
        return said
    arrays, metadata = opened(content)
    form = json.loads(metadata[FORMAT])
    if random.random() < 0.5:
        said = changed_arrays(arrays, random)
        text = json.dumps(form)
    else:
        tokenizer = random.random() < 0.3
        changes = json.loads(form["tokenizer"]) if tokenizer else form
        new, said = changed_json(changes, random)
        text = new.decode("utf-8", "surrogatepass")
        if tokenizer:
            form["tokenizer"] = text
            text = json.dumps(form)
    try:
        whole = json.loads(text)
        old = whole["sha256"]
        text = text.replace(f'"{old}"', f'"{digest(whole, arrays)}"')
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        pass
    metadata[FORMAT] = text.encode("utf-8", "replace").decode()
    to.write_bytes(packed(arrays, metadata))
    return said


def fuzz(places: list[Path], cases: range, seed: int, out: Path) -> Counter[str]:
    """Try some cases; surprises are written to a folder.

    Args:
        places: The models.
        cases: The numbers of the cases; each is the same whenever it is tried.
        seed: Decides, with the number, what a case is.
        out: The folder.
    """
    counts = Counter[str]()
    expected = {place: answers(place) for place in places}
    with tempfile.TemporaryDirectory() as temporary:
        for number in cases:
            random = Random(f"{seed} {number}")
            place = random.choice(places)
            sealed = random.random() < SEALED
            model = Path(temporary) / f"{number}{place.suffix}"
            said = changed(place, model, random, sealed=sealed)
            found = case(model, None if sealed else expected[place])
            counts[found.kind] += 1
            if found.kind == child.SURPRISE:
                kept = out / f"{seed}-{number}"
                shutil.rmtree(kept, ignore_errors=True)
                kept.mkdir(parents=True)
                shutil.move(model, kept / f"model{place.suffix}")
                what = {"of": place.stem, "changed": said, "sealed": sealed, "found": found.detail}
                (kept / "what.json").write_text(json.dumps(what, indent=2, ensure_ascii=True))
            elif model.is_dir():
                shutil.rmtree(model)
            else:
                model.unlink()
    return counts


def main() -> None:
    """Read the arguments, fuzz, print one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("build/fuzz/models"))
    parser.add_argument("--replay", type=Path, help="a folder of surprises to try again")
    given = parser.parse_args()
    torch.set_num_threads(1)  # a fork must find no threads
    began = time.perf_counter()
    if given.replay:
        counts = child.replay(given.replay, case, "model*")
    else:
        with tempfile.TemporaryDirectory() as folder:
            places = make(Path(folder))
            cases = range(given.first, given.first + given.cases)
            counts = fuzz(places, cases, given.seed, given.out)
    print(
        f"models: {counts.total():,} cases, {counts[child.OK]:,} answered, "
        f"{counts[child.REFUSED]:,} refused, {counts[child.SURPRISE]:,} surprises, "
        f"{time.perf_counter() - began:.0f} s"
    )
    sys.exit(bool(counts[child.SURPRISE]))


if __name__ == "__main__":
    main()
