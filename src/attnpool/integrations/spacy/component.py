"""The pipeline component: a classifier of attnpool that answers and explains documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import attnpool  # what is heavy in it comes when it is used: every pipeline imports this file
from attnpool.attribution_methods import find_method
from attnpool.errors import InputError
from attnpool.files.paths import checked_path
from attnpool.integrations.spacy.library import (
    Doc,
    Language,
    Scorer,
    minibatch,
    raise_error,
)
from attnpool.integrations.spacy.storing import packed, read, unpacked, write
from attnpool.integrations.spacy.values import annotate, register
from attnpool.sanitize import quoted


class AttnpoolComponent:
    """A classifier in a spaCy pipeline.

    It adds the probability of each class to `doc.cats` and, unless told otherwise, what moved the
    answer: `doc._.attnpool_explanation` is an `attnpool.Explanation`, `token._.attnpool_value` and
    `span._.attnpool_value` are the part of each token and span. Where tokens of the model and of
    spaCy differ, a value counts alike for each character of its token; values add up to the same.

    The model is read when it is first needed; one of the hub is downloaded then. A saved pipeline
    holds a copy of it, so the path is not looked for once the pipeline is loaded again. The copy
    is without hashes of training texts.

    Args:
        path: A model folder, a compact file, or an address on the hub, as for `attnpool.load`.
        name: The name in the pipeline.
        method: The attribution method; default: that of the model.
        target: The class to explain; default: the one predicted for each document.
        explain: Whether documents are explained; otherwise they get `doc.cats` alone.
        prefix: How the names of the extension attributes begin; give each component its own where
            a pipeline has several.

    Raises:
        InputError: The method is unknown, or the prefix makes no name that is free.
    """

    def __init__(
        self,
        path: str | Path,
        name: str = "attnpool",
        *,
        method: str | None = None,
        target: Any = None,
        explain: bool = True,
        prefix: str = "attnpool",
    ) -> None:
        if method is not None:
            find_method(method)
        if explain:
            register(prefix)
        self.path, self.name = _placed(path), name
        self.method, self.target, self.explain, self.prefix = method, target, explain, prefix
        self._model: attnpool.Model | None = None
        self._on_error: Callable[..., Any] = raise_error

    @property  # not `model`: by that name spaCy looks for its own networks, and would open it
    def classifier(self) -> attnpool.Model:
        """The model.

        Raises:
            InputError: There is none, it cannot be read, or it is no classifier.
        """
        if self._model is None:
            if not str(self.path).strip():
                raise InputError(
                    f"the model of the component {quoted(self.name)} is empty; give a model "
                    "folder, a compact file or an address on the hub"
                )
            self._model = read(self.path)
        return self._model

    @property
    def labels(self) -> tuple[str, ...]:
        """The keys of `doc.cats`; none before the model was read."""
        return () if self._model is None else tuple(map(str, self._model.classes_.tolist()))

    def __call__(self, doc: Doc) -> Doc:
        """Answer and explain one document.

        Args:
            doc: The document.
        """
        self._annotate([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Answer and explain documents in batches, in order.

        Args:
            stream: The documents.
            batch_size: How many are read at once.
        """
        for docs in minibatch(stream, batch_size):
            try:
                self._annotate(docs)
            except Exception as error:
                self._on_error(self.name, self, docs, error)
            else:
                yield from docs

    def _annotate(self, docs: list[Doc]) -> None:
        texts = [doc.text for doc in docs]
        if not self.explain:
            shares = self.classifier.predict_proba(texts).tolist()
            for doc, row in zip(docs, shares, strict=True):
                doc.cats.update(zip(self.labels, row, strict=True))
            return
        explanations = self.classifier.explain(texts, self.method, self.target)
        for doc, explanation in zip(docs, explanations, strict=True):
            doc.cats.update(explanation.probabilities)
            annotate(doc, explanation, self.prefix)

    def set_error_handler(self, error_handler: Callable[..., Any]) -> None:
        """What to do with documents that fail; default: raise.

        Args:
            error_handler: A function of the component's name, the component, the documents and
                the error.
        """
        self._on_error = error_handler

    def score(self, examples: Iterable[Any], **_: Any) -> dict[str, Any]:
        """The figures of `nlp.evaluate`, as those of spaCy's own `textcat`.

        Args:
            examples: Examples whose reference has `cats`.
        """
        found: dict[str, Any] = Scorer.score_cats(
            examples, "cats", labels=self.labels, multi_label=False
        )
        return found

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        """Write the model: a compact file, or a folder with all that it needs.

        A folder is written without the hashes of training texts.

        Args:
            path: The file or folder; a model in its place is replaced.
            exclude: Not used.

        Raises:
            InputError: There is no model to write, or another thing in its place.
        """
        write(self.classifier, checked_path(path))

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> AttnpoolComponent:  # noqa: ARG002
        """Read the model that `to_disk` wrote, with the checks of `attnpool.load`.

        Args:
            path: The file or folder.
            exclude: Not used.

        Raises:
            InputError: There is none, it cannot be read, or it is no classifier.
        """
        self._model = read(checked_path(path))
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002
        """The model as bytes.

        Args:
            exclude: Not used.
        """
        return packed(self.classifier)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> AttnpoolComponent:  # noqa: ARG002
        """Read the model that `to_bytes` wrote, with the checks of `attnpool.load`.

        Args:
            data: The bytes.
            exclude: Not used.

        Raises:
            InputError: They hold no model, it cannot be read, or it is no classifier.
        """
        self._model = unpacked(data, self.name)
        return self


def _placed(path: str | Path) -> str | Path:
    """An address of the hub as it is; another path so that it holds though the process moves."""
    from attnpool.persistence.hub import is_address

    # An empty one is no folder either, and would become the working directory.
    return path if is_address(path) or not str(path).strip() else checked_path(path).absolute()


def make_component(
    nlp: Language,
    name: str,
    model: str,
    method: str | None,
    target: Any,
    explain: bool,
    prefix: str,
) -> AttnpoolComponent:
    """The factory `attnpool`, by which `nlp.add_pipe` makes the component.

    Args:
        nlp: The pipeline.
        name: The name in the pipeline.
        model: A model folder, a compact file, or an address on the hub.
        method: The attribution method.
        target: The class to explain.
        explain: Whether documents are explained.
        prefix: How the names of the extension attributes begin.

    Raises:
        InputError: The method is unknown, or the prefix makes no name or is in use.
    """
    others = {
        pipe.prefix: other
        for other, pipe in nlp.components
        if isinstance(pipe, AttnpoolComponent) and pipe.explain
    }
    if explain and prefix in others:
        raise InputError(
            f"prefix {quoted(prefix)} is that of the component {quoted(others[prefix])}; give "
            f"{quoted(name)} another"
        )
    return AttnpoolComponent(
        model, name, method=method, target=target, explain=explain, prefix=prefix
    )


Language.factory(
    "attnpool",
    default_config={"method": None, "target": None, "explain": True, "prefix": "attnpool"},
    assigns=["doc.cats", "doc._.attnpool_explanation", "token._.attnpool_value"],
    func=make_component,
)
