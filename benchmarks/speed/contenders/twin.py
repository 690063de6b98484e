"""attnpool's model in plain PyTorch: the same sizes, epochs and batches, none of the tricks.

Not done, though `TextClassifier` does it: averaging of weights, which would slow the twin down.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sklearn.model_selection import train_test_split
from torch.nn import functional as F  # noqa: N812

from attnpool import TextClassifier
from attnpool.estimators.settings import ClassifierSettings
from attnpool.text.batches import shuffled_length_batches
from attnpool.training.optimizer import schedule
from attnpool.training.recipe import Recipe
from benchmarks.speed.contender import Contender, Trained
from benchmarks.speed.contenders.twin_model import Shape, TwinModel
from benchmarks.speed.contenders.twin_text import TwinText, collate
from benchmarks.speed.rows import Rows

MOST_NGRAMS = 400_000
BATCH = 64
Encoded = list[tuple[torch.Tensor, torch.Tensor]]


class TrainedTwin(Trained):
    def __init__(self, text: TwinText, model: TwinModel, classes: Sequence[str]) -> None:
        self.text, self.model, self.classes = text, model, list(classes)
        self.gone_through = 0

    def encode(self, texts: Sequence[str]) -> Encoded:
        return [self.text.encode(text) for text in texts]

    def predict_batches(self, encoded: Encoded) -> list[tuple[np.ndarray, np.ndarray]]:
        """Logits and weights of each text, in batches by length."""
        self.model.eval()
        found: list[tuple[np.ndarray, np.ndarray]] = [None] * len(encoded)  # type: ignore[list-item]
        order = sorted(range(len(encoded)), key=lambda i: len(encoded[i][0]))
        with torch.inference_mode():
            for start in range(0, len(order), BATCH):
                batch = order[start : start + BATCH]
                logits, weights = self.model(*collate([encoded[i] for i in batch]))
                for i, z, w in zip(batch, logits.numpy(), weights.numpy(), strict=True):
                    found[i] = z, w[: len(encoded[i][0])]
        return found

    def answer(self, texts: Sequence[str]) -> list[tuple[np.ndarray, np.ndarray]]:
        return self.predict_batches(self.encode(texts))

    def labels(self, texts: Sequence[str]) -> list[str]:
        return [self.classes[logits.argmax()] for logits, _ in self.answer(texts)]


class Twin(Contender):
    """The plain version of `TextClassifier(linear=False, **params)`, in characters.

    Args:
        name: What tables call it.
        fused: Whether AdamW is the fused one, which torch has but does not take by itself.
        params: What `TextClassifier` is called with.
    """

    slow = True

    def __init__(self, name: str = "plain PyTorch", *, fused: bool = False, **params: Any) -> None:
        self.name, self.fused, self.given = name, fused, params
        self.params = TextClassifier(**{**params, "linear": False}).get_params()

    def shortened(self) -> Twin:
        return Twin(self.name, fused=self.fused, **{**self.given, "epochs": 1})

    def train(self, rows: Rows) -> TrainedTwin:
        params = self.params
        torch.manual_seed(params["seed"])
        texts, held, labels, held_labels = train_test_split(
            *rows.train, test_size=0.1, random_state=0, stratify=rows.train[1]
        )
        classes = sorted(set(labels))
        text = TwinText.learn(
            texts,
            params["ngrams"],
            params["min_frequency"],
            params["ngram_min_frequency"] or 2,
            MOST_NGRAMS,
        )
        model = TwinModel(shape_of(params, text, len(classes)))
        trained = TrainedTwin(text, model, classes)
        data, held_data = trained.encode(texts), trained.encode(held)
        y = torch.tensor([classes.index(label) for label in labels])
        held_y = np.array([classes.index(label) for label in held_labels])
        recipe = Recipe.for_rows(
            len(data), epochs=params["epochs"], learning_rate=params["learning_rate"]
        )
        trained.gone_through = len(data) * self._loop(trained, data, y, held_data, held_y, recipe)
        return trained

    def _loop(
        self,
        trained: TrainedTwin,
        data: Encoded,
        y: torch.Tensor,
        held: Encoded,
        held_y: np.ndarray,
        recipe: Recipe,
    ) -> int:
        """Train, keep the best weights; the number of epochs."""
        model, rng = trained.model, np.random.default_rng(self.params["seed"])
        lengths = np.array([len(ids) for ids, _ in data])
        knobs = recipe.batch_size, rng, recipe.batch_tokens
        epochs = [shuffled_length_batches(lengths, *knobs) for _ in range(recipe.epochs)]
        tables = [model.ngrams.weight]
        others = [p for p in model.parameters() if p is not tables[0]]
        groups = [
            {"params": others, "lr": recipe.learning_rate, "weight_decay": recipe.weight_decay},
            {"params": tables, "lr": recipe.table_rate, "weight_decay": 0.0},
        ]
        optimizer = torch.optim.AdamW(groups, fused=self.fused or None)
        updates = sum(map(len, epochs))
        rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: schedule(i / updates))
        scores: list[float] = []
        best: dict[str, torch.Tensor] = {}
        for batches in epochs:
            model.train()
            for batch in batches:
                logits, _ = model(*collate([data[i] for i in batch]))
                smoothing = self.params["label_smoothing"]
                loss = F.cross_entropy(logits, y[batch], label_smoothing=smoothing)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                rate.step()
            logits = torch.tensor(np.stack([z for z, _ in trained.predict_batches(held)]))
            scores.append(-float(F.cross_entropy(logits, torch.from_numpy(held_y))))
            if scores[-1] >= max(scores):
                best = {name: tensor.clone() for name, tensor in model.state_dict().items()}
            if len(scores) - 1 - int(np.argmax(scores)) >= self.params["patience"]:
                break
        model.load_state_dict(best)
        return len(scores)


def shape_of(params: dict[str, Any], text: TwinText, classes: int) -> Shape:
    """The sizes of the twin of `TextClassifier(**params)`, whose pooling is attention."""
    return Shape(
        vocabulary=len(text.vocabulary) + 2,
        ngram_rows=len(text.ngrams),
        classes=classes,
        dim=params["dim"],
        hidden=params["attention_dim"] or params["dim"],
        heads=ClassifierSettings.of(params).heads,
        kernel_sizes=params["kernel_sizes"],
        embedding_dropout=params["embedding_dropout"],
        dropout=params["dropout"],
    )
