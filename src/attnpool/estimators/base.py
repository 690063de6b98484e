"""What every estimator shares: text in, a model folder out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from scipy.special import softmax
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted
from torch import Tensor, nn

from attnpool._version import __version__
from attnpool.errors import InputError
from attnpool.estimators.inputs import checked_texts
from attnpool.metrics import classification_metrics
from attnpool.models.char_ngrams import CharNgrams
from attnpool.models.config import ClassifierConfig, EncoderConfig, MatcherConfig
from attnpool.models.net import TextNet
from attnpool.models.ngrams import known_ngrams
from attnpool.models.predict import predict_batches
from attnpool.persistence import model_folder as checkpoint
from attnpool.persistence.migration import migrate_weights
from attnpool.persistence.model_card import model_card
from attnpool.pooling import ATTENDING
from attnpool.progress import Progress
from attnpool.text import (
    Cleanup,
    Tokenizer,
    Tokens,
    WordTokenizer,
    length_limit,
    load_tokenizer,
    make_tokenizer,
)
from attnpool.text.lengths import MAX_TOKENS
from attnpool.training.loop import History, fit
from attnpool.training.recipe import Recipe
from attnpool.training.split import stratified_split

MOST_TOKENS = 200_000
"""The largest vocabulary a tokeniser is trained to; rarer tokens are unknown."""


class TextModel(BaseEstimator):  # type: ignore[misc]
    """A tokeniser, a clean-up, a length limit and a torch model, saved as one folder.

    Subclasses set `model_` in `fit`, and say of what shape it is and how it is made.
    """

    shape: ClassVar[type[ClassifierConfig | MatcherConfig]]

    kinds: ClassVar[dict[str, type[TextModel]]] = {}

    # Parameters that every subclass declares in its own __init__, as scikit-learn wants it.
    tokenizer: str
    cleanup: Sequence[str]
    min_frequency: int
    max_length: int | float | str
    dim: int
    heads: int
    attention_dim: int | None
    normalizer: str
    pooling: str
    kernel_sizes: Sequence[int]
    residual: bool
    ngrams: Sequence[int]
    ngram_min_frequency: int
    char_ngrams: Sequence[int]
    positions: bool
    embedding_dropout: float
    token_dropout: float
    learning_rate: float
    epochs: int | None
    patience: int
    refit: bool
    device: str | None
    seed: int

    model_: Any
    classes_: np.ndarray
    tokenizer_: Tokenizer
    cleanup_: Cleanup
    limit_: int
    metrics_: dict[str, Any]
    reading_: dict[str, Any] | None = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        TextModel.kinds[cls.__name__] = cls

    def save(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write the model as a folder that `attnpool.load` reads.

        It holds `config.json`, `model.safetensors`, `tokenizer.json`, `metrics.json` and a model
        card. It is written beside the place and swapped in, so a crash never leaves half of it.

        Args:
            path: The folder.
            overwrite: Whether to replace a model that stands there.

        Raises:
            InputError: Something stands there that may not be replaced.
        """
        check_is_fitted(self, "model_")
        config = {
            "kind": type(self).__name__,
            "attnpool": __version__,
            "params": plain(self.get_params()),
            "cleanup": list(self.cleanup_.rules),
            "tokenizer": self.tokenizer_.kind,
            "limit": self.limit_,
            "reading": self.reading_,
            "classes": self.classes_.tolist(),
            "model": self.model_.config.to_dict(),
        }

        def fill(folder: Path) -> None:
            weights = {k: t.contiguous().cpu() for k, t in self.model_.state_dict().items()}
            save_file(weights, folder / checkpoint.WEIGHTS)
            # safetensors keeps its files to their owner; a model is shared as any file is.
            (folder / checkpoint.WEIGHTS).chmod(0o666 & ~checkpoint.umask())
            self.tokenizer_.save(folder / checkpoint.TOKENIZER)
            checkpoint.write_json(folder / checkpoint.METRICS, self.metrics_)
            card = model_card(config, self.metrics_, sum(t.numel() for t in weights.values()))
            (folder / checkpoint.CARD).write_text(card, encoding="utf-8")
            checkpoint.write_config(folder, config)

        checkpoint.write_folder(Path(path), fill, overwrite=overwrite)

    def _restore(self, config: Mapping[str, Any]) -> nn.Module:
        """The classes, and the model without its weights."""
        shape = self.shape.from_dict(config["model"])
        if shape.encoder.vocabulary != self.tokenizer_.size:
            raise ValueError("as many tokens as the tokeniser has")
        self.classes_ = np.asarray(config["classes"])
        if self.classes_.shape != (shape.classes,):
            raise ValueError("as many classes as the model has")
        if len(np.unique(self.classes_)) < shape.classes:
            raise ValueError("each class once")
        return self._make(shape)

    def _make(self, shape: Any, *known: Any) -> nn.Module:
        """A model of this shape, with the n-grams and char_ngrams that it knows."""
        raise NotImplementedError

    def _ready(self) -> Any:
        """The model, ready to answer."""
        return self.model_

    @classmethod
    def _load(cls, path: Path, config: Mapping[str, Any]) -> TextModel:
        params = {k: tuple(v) if isinstance(v, list) else v for k, v in config["params"].items()}
        # Where to compute is a matter of this machine, not of the one that trained.
        self = cls(**{**params, "device": None})
        self.cleanup_ = Cleanup(tuple(config["cleanup"]))
        self.limit_ = int(config["limit"])
        self.tokenizer_ = load_tokenizer(path / checkpoint.TOKENIZER, config["tokenizer"])
        self.metrics_ = checkpoint.read_json(path / checkpoint.METRICS)
        self.reading_ = config["reading"]
        if not isinstance(self.reading_, dict | None):
            raise TypeError("reading")
        # On the meta device a size that somebody made up allocates nothing.
        with torch.device("meta"):
            model = self._restore(config)
        # Cloned: tensors in the file lie as it comes, and a product of unaligned ones may differ in
        # its last bit.
        stored = load_file(path / checkpoint.WEIGHTS)
        # Config is migrated when it is read; it keeps the version of the file.
        if config["format_version"] == 1:
            stored = migrate_weights(stored)
        weights = {k: t.clone() for k, t in stored.items()}
        if not all(bool(t.isfinite().all()) for t in weights.values() if t.is_floating_point()):
            raise ValueError("weights that are no finite numbers")
        model.load_state_dict(weights, assign=True)
        self.model_ = model.to(self._device()).eval()
        return self

    def _learn_texts(self, texts: Sequence[str]) -> Tokens:
        """The tokeniser and the length limit from the training texts, and their tokens."""
        self.cleanup_ = Cleanup(tuple(self.cleanup))
        clean = self.cleanup_(texts)
        self.tokenizer_ = make_tokenizer(
            str(self.tokenizer), clean, min_frequency=self.min_frequency, max_size=MOST_TOKENS
        )
        tokens = self.tokenizer_.encode(clean)
        self.limit_ = length_limit(tokens.lengths, self.max_length, self._longest())
        return tokens.truncated(self.limit_)

    def _longest(self) -> int:
        """What the length limit `"auto"` is at most."""
        return MAX_TOKENS

    def _tokens(self, texts: Iterable[str]) -> Tokens:
        return self.tokenizer_.encode(self.cleanup_(checked_texts(texts)), self.limit_)

    def _learn_encoder(
        self, tokens: Tokens
    ) -> tuple[EncoderConfig, tuple[np.ndarray, CharNgrams | None]]:
        """The shape of the encoder, and the n-grams and char_ngrams that it knows."""
        known = known_ngrams(
            tokens.ids, tokens.bounds, self.ngrams, min_frequency=self.ngram_min_frequency
        )
        char_ngrams = None
        if isinstance(self.tokenizer_, WordTokenizer) and len(self.char_ngrams):
            lengths = [int(n) for n in self.char_ngrams]
            found = CharNgrams.learn(self.tokenizer_.words, tokens.unknown, lengths)
            char_ngrams = found if len(found.keys) else None
        config = EncoderConfig(
            vocabulary=self.tokenizer_.size,
            dim=int(self.dim),
            kernel_sizes=tuple(int(width) for width in self.kernel_sizes),
            residual=self.residual,
            ngrams=tuple(int(n) for n in self.ngrams) if len(known) else (),
            ngram_rows=len(known),
            char_ngrams=tuple(int(n) for n in self.char_ngrams) if char_ngrams else (),
            char_ngram_rows=len(char_ngrams.keys) if char_ngrams else 0,
            char_ngram_uses=len(char_ngrams.vocabulary.rows) if char_ngrams else 0,
            positions=self.limit_ if self.positions else 0,
            equal_length=bool(self._options().get("equal_length")),
            embedding_dropout=self.embedding_dropout,
            token_dropout=self.token_dropout,
        )
        return config, (known, char_ngrams)

    def _options(self) -> Mapping[str, Any]:
        """How to train so that attention tells more; a classifier's."""
        return {}

    def _attention(self, pooling: str, heads: int) -> dict[str, Any]:
        """The pooling, with the arguments that only learned weights have."""
        if pooling not in ATTENDING:
            return {"pooling": pooling}
        attention_dim = None if self.attention_dim is None else int(self.attention_dim)
        return {
            "pooling": pooling,
            "heads": heads,
            "attention_dim": attention_dim,
            "normalizer": self.normalizer,
        }

    def _train(
        self,
        build: Callable[[], nn.Module],
        make_loss: Callable[[], Callable[[np.ndarray], Tensor]],
        lengths: np.ndarray,
        score: Callable[[], float] | None,
        progress: Progress | None,
        largest_batch: int = 128,
        again: History | None = None,
    ) -> History:
        """Build `model_` and train it, as long as it was best to do `again` if that is given.

        The caller's own random numbers go on undisturbed.
        """
        recipe = (
            again.recipe
            if again
            else Recipe.for_rows(
                len(lengths),
                largest_batch=largest_batch,
                epochs=self.epochs,
                learning_rate=self.learning_rate,
                patience=self.patience,
            )
        )
        device = self._device()
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(int(self.seed))
            self.model_ = build().to(device)
            return fit(
                self.model_,
                make_loss(),
                lengths,
                score,
                recipe,
                seed=int(self.seed),
                until=again.best if again else None,
                progress=progress,
            )

    def _held_out(self, y: np.ndarray, validation: object) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of the rows to train on, and of those to validate on.

        Raises:
            InputError: The share is none.
        """
        if not validation:
            return np.arange(len(y)), np.zeros(0, dtype=np.int64)
        if not isinstance(validation, float) or not 0 < validation < 1:
            raise InputError(f"validation is {validation}; give a share between 0 and 1")
        return stratified_split(y, validation, int(self.seed))

    def _validation_metrics(self, tokens: Tokens, y: np.ndarray) -> dict[str, float | None]:
        if not len(y):
            return {"accuracy": None, "macro_f1": None}
        predicted = predict_batches(self._ready(), tokens).logits.argmax(axis=1)
        found = classification_metrics(y.tolist(), predicted.tolist(), range(len(self.classes_)))
        return {name: found[name] for name in ("accuracy", "macro_f1")}

    def _device(self) -> torch.device:
        if self.device is not None:
            return torch.device(self.device)
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def log_likelihood(model: TextNet, tokens: Tokens, y: np.ndarray) -> float:
    """The mean over items: unlike accuracy it still tells epochs apart on few rows."""
    probabilities = softmax(predict_batches(model, tokens).logits.astype(np.float64), axis=1)
    return float(np.log(probabilities[np.arange(len(y)), y].clip(1e-12)).mean())


def figures(
    history: History, began: float, n_train: int, n_validation: int, *, refitted: bool
) -> dict[str, Any]:
    """What training took, as `metrics_` holds it behind what it reached.

    Args:
        history: What happened while validation rows were held out.
        began: When it all began, by `time.perf_counter`.
        n_train: The rows trained on then.
        n_validation: The rows held out then.
        refitted: Whether the model was trained anew on both afterwards.
    """
    return {
        "n_train": n_train,
        "n_validation": n_validation,
        "epochs": history.epochs,
        "best_epoch": history.best,
        "refitted": refitted,
        "seconds": round(time.perf_counter() - began, 3),
        "texts_per_second": round(history.texts_per_second, 1),
        "padding_share": round(history.padding_share, 4),
    }


def plain(value: Any) -> Any:
    """Parameters as JSON takes them: mappings by the names of their keys, numpy's numbers."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def load(path: str | Path) -> TextModel:
    """Read a model folder that `save` or `attnpool train` wrote.

    Args:
        path: The folder.

    Returns:
        The estimator, ready to predict: a `TextClassifier` or a `TextMatcher`.

    Raises:
        InputError: There is no model, a part of it is missing, cut short or changed, or a newer
            version of attnpool wrote it.
    """
    path = Path(path)
    config = checkpoint.read_config(path)
    try:
        return TextModel.kinds[config["kind"]]._load(path, config)
    except InputError:
        raise
    except Exception:
        # The digests hold, so what makes no sense is config.json itself, whatever it broke.
        raise checkpoint.damaged(path) from None
