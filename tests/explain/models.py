"""Small random models of every kind, with biases and n-grams that matter."""

import numpy as np
import torch

from attnpool.explain.attribution import AttributionRequest
from attnpool.models.char_ngrams import CharNgrams
from attnpool.models.classifier import Classifier
from attnpool.models.config import ClassifierConfig, EncoderConfig, MatcherConfig
from attnpool.models.label import Labels
from attnpool.models.ngrams import known_ngrams
from attnpool.models.registry import MATCHERS
from attnpool.text import Tokens

VOCABULARY = 12
LENGTHS = (3, 4)
WORDS = [["wonder", "wonderful", "film", "films", "dull", "duller"][i % 6] * (1 + i // 6)
         for i in range(VOCABULARY - 2)]  # fmt: skip


def ragged(texts, unknown=()):
    """Texts that are lists of ids, as `Tokens`."""
    lengths = [len(text) for text in texts]
    ids = np.array([i for text in texts for i in text], dtype=np.int32)
    starts = np.array([k for n in lengths for k in range(n)], dtype=np.int32)
    return Tokens(
        ids=ids,
        bounds=np.cumsum([0, *lengths]),
        spans=np.stack([starts, starts + 1], axis=1),
        read_until=np.array(lengths, dtype=np.int64),
        unknown=tuple(unknown),
    )


def every_ngram(lengths, seed=0):
    """Half of all n-grams that there are."""
    ids = np.random.default_rng(seed).integers(1, VOCABULARY, size=3000)
    found = known_ngrams(ids, np.array([0, len(ids)]), lengths, min_frequency=1)
    return found[::2].copy()


def some_ngrams(lengths):
    made_up = [(VOCABULARY + 5 << 21) + 3, (VOCABULARY + 1 << 42) + (3 << 21) + 4]
    return np.sort(np.concatenate([every_ngram(lengths)[::3], np.array(made_up)]))


def model(
    architecture="classifier",
    seed=0,
    classes=3,
    char_ngrams=False,
    ngrams=(2, 3),
    few=False,
    **shape,
):
    """A model of random weights, all of which are of the size of 1.

    With `few`, only some n-grams are known, seldom all that a longer one begins with, and some
    are of tokens that there are not.
    """
    torch.manual_seed(seed)
    keys = some_ngrams(ngrams) if few else every_ngram(ngrams) if ngrams else None
    learnt = CharNgrams.learn(["", "", *WORDS], ["unwonderful"], LENGTHS) if char_ngrams else None
    in_encoder = {
        k: shape.pop(k)
        for k in ("kernel_sizes", "residual", "positions", "equal_length")
        if k in shape
    }
    encoder = EncoderConfig(
        vocabulary=VOCABULARY,
        dim=6,
        ngrams=ngrams,
        ngram_rows=0 if keys is None else len(keys),
        char_ngrams=LENGTHS if char_ngrams else (),
        char_ngram_rows=len(learnt.keys) if learnt else 0,
        char_ngram_uses=len(learnt.vocabulary.rows) if learnt else 0,
        **in_encoder,
    )
    if architecture == "classifier":
        made = Classifier(ClassifierConfig(encoder, classes, **shape), keys, learnt)
    else:
        config = MatcherConfig(encoder, architecture, classes=classes, head_dim=5, **shape)
        made = MATCHERS[architecture](config, keys, learnt)
    for name, weights in made.named_parameters():
        if "sharpness" in name or "log_scale" in name:
            continue
        with torch.no_grad():
            weights.normal_(std=0.5)
            if "table" in name and "ngrams" in name:
                weights[0] = 0  # of n-grams that are not known
            if "embedding" in name:
                weights[0] = 0
    if getattr(made, "linear", None) is not None:
        with torch.no_grad():
            made.linear.bias.normal_()
            made.linear.squares.uniform_(0.1, 2.0)
            for unknown in (0, VOCABULARY) if ngrams else (0,):
                made.linear.table.weight[unknown] = 0
                made.linear.squares[unknown] = 0
    if architecture == "label":
        ids = torch.tensor([[2, 3, 4], [5, 6, 0], [7, 0, 0]])[:classes]
        made.labels = Labels(ids, ids > 0)
    if architecture == "triplet":
        made.scale.data.fill_(3.0)
        made.threshold.data.fill_(0.4)
    return made.eval()


def make_request(made, texts, targets=None, unknown=()):
    """A request about texts (lists of ids); about the predicted classes unless told."""
    tokens = ragged(texts, unknown)
    targets = None if targets is None else np.asarray(targets)
    raw = [["x"] * (len(texts) // made.sides)] * made.sides
    request = AttributionRequest(made, raw, tokens, targets)
    assert request.predictions  # the model's own run, which no method's is to replace
    return request
