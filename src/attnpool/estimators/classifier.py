"""`TextClassifier`: texts in, classes and explanations out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from attnpool._renamed import PARAMETERS, renamed_parameters
from attnpool.estimators.estimator import TextEstimator
from attnpool.estimators.fitting.classifying import fit_classifier
from attnpool.estimators.scikit_learn import check_fitted
from attnpool.estimators.settings import ClassifierSettings
from attnpool.estimators.streaming.method import StreamMixin
from attnpool.estimators.validation import Label
from attnpool.explain.attribution import AttributionRequest
from attnpool.explain.compare import COMPARED, compare_methods
from attnpool.explain.explain import explain, rounds
from attnpool.explain.faithfulness.measures import DRAWS
from attnpool.explain.lists import checked_texts, listed
from attnpool.explain.logits import finite, softmax
from attnpool.label_values import class_names
from attnpool.metrics import true_classes
from attnpool.models.classifier import Classifier
from attnpool.models.folded import FoldedClassifier, foldable
from attnpool.models.predict import predict_batches
from attnpool.progress import Progress
from attnpool.view.notebook import Explanations, FaithfulnessByMethod


class TextClassifier(StreamMixin, TextEstimator):
    """A text classifier that pools with attention and shows where it looked.

    The model has embeddings of tokens and n-grams, a pooling and a linear head; convolutions are
    optional. The defaults suit a few hundred texts as well as a few hundred thousand. The same
    seed on the same machine gives the same model.

    Args:
        encoder: A pretrained encoder whose token vectors are pooled in place of the model's own:
            the folder or the name of a Hugging Face encoder, a pair of a loaded model and its
            tokenizer, or a `SentenceTransformer`. `tokenizer`, `dim`, `char_ngrams` and what
            shapes the model's own encoder stay at their defaults then; `ngrams` are those of the
            linear part.
        train_encoder: How much of the encoder is trained too: `"none"`, `"all"`, or the number of
            its last layers.
        encoder_learning_rate: The peak learning rate of an encoder that is trained.
        download: Whether an encoder given by its name may be downloaded.
        pooling: `"attention"`, `"mean_query"`, `"max"`, `"average"` or `"min_variance"`.
        heads: The number of attention heads; default: 4, or 1 if `faithful`. Other poolings have
            one.
        tokenizer: `"auto"` (characters where most letters are CJK, words otherwise; in Thai and
            other scripts without spaces, letters with their vowel signs), `"characters"`,
            `"words"`, `"jieba"`, or the path of a Hugging Face `tokenizer.json`.
        linear: Whether tokens and n-grams also count wherever they occur: their shares, from a
            TF-IDF bag with logistic regression and naive Bayes, are added to attention's. How much
            of each is chosen on folds of the training rows. Without effect if `faithful`, or if
            there are more than `dim` classes.
        dictionary: Words that jieba must know, or the path of a jieba user dictionary (one
            `word [frequency] [tag]` a line). They are saved with the model, as are words added
            by `jieba.add_word` and the like before `fit`. With it, `"auto"` is `"jieba"`.
        normalizer: `"softmax"`, or `"sparsemax"` or `"entmax15"` for weights that can be 0.
        dim: The width of a token vector.
        attention_dim: The width in which attention scores tokens; None: `dim`.
        kernel_sizes: The kernel sizes of the convolutions, in tokens; `()` for none.
        residual: Whether each convolution adds to what it read.
        ngrams: The lengths of the n-grams with embeddings of their own, 2 or 3 tokens; `()` for
            none.
        char_ngrams: The lengths of the character n-grams of words with embeddings of their own, by
            which unseen words are read; `()` for none. Used only if the tokenizer is `"words"` or
            `"jieba"`.
        positions: Whether to add learned positions, counted over real tokens.
        cleanup: What to remove from every text: `"bracket-emoji"`, `"html"`,
            `"parentheses"`.
        min_frequency: How often a token must occur in training to get an embedding.
        ngram_min_frequency: The same for an n-gram, and for a token to count in the linear part;
            None: 1 up to 5,000 rows of 300,000 tokens, 2 above and without a linear part.
        max_length: The length limit in tokens: a number, or a statistic of the lengths of the
            training texts: `"mode"`, `"mean"`, `"median"`, `"max"`, or a percentile such as
            `"p99"`. `"auto"` is the longest, but at most 10,000.
        class_weight: None, `"balanced"` or a mapping from label to weight; `"auto"`: `"balanced"`
            unless folds of the training rows show that None is better; None without a linear
            part.
        embedding_dropout: The share of embedding entries dropped in training.
        token_dropout: The share of whole tokens dropped in training.
        dropout: The share of pooled entries dropped in training.
        label_smoothing: The probability spread over all classes in the training target.
        faithful: Whether to train a model whose attention is faithful, as docs/trust.md
            recommends. It sets `pooling`, `heads`, `mask_training`, `equal_length`,
            `attention_target` and `head_diversity`; other values of these are refused.
        mask_training: Whether to train also on texts without a random share of their tokens.
        equal_length: Whether to scale all token vectors to one learned length, so that only
            attention makes a token count for more.
        attention_target: How strongly attention is drawn to the tokens that speak for the true
            class; 0: not at all. Several heads become alike.
        head_diversity: How strongly heads that attend to the same tokens are pushed apart.
        learning_rate: The peak learning rate.
        epochs: The most passes through the rows; default: by the number of rows.
        patience: How many epochs without a better validation score end the training.
        refit: Whether to train a new model on all rows, including the validation rows, for the
            best number of epochs. Not done if you give validation rows.
        device: Where to compute; default: a GPU if there is one.
        seed: The random seed.

    Attributes:
        classes_: The labels, sorted.
        limit_: The length limit, in tokens.
        metrics_: The figures of training. `accuracy`, `majority_accuracy` (of always predicting
            the most frequent class), `macro_f1` and `linear_accuracy` (of the linear part alone)
            are from the validation rows, before the refit. `folds` is how many folds of the
            training rows chose the number of epochs and how much each part counts; if 0, the
            validation rows chose them. `teaching` is on the teacher, if there was one. `warnings`
            are sentences.
        reading_: How the training file was read, if there was one; saved with the model.

    Example:
        >>> from attnpool import TextClassifier
        >>> texts = ["房间干净", "服务热情", "隔音太差", "态度恶劣"] * 10
        >>> model = TextClassifier(epochs=8).fit(texts, ["好", "好", "差", "差"] * 10)
        >>> model.predict(["干净", "恶劣"]).tolist()
        ['好', '差']
    """

    model_: Classifier
    _folded: FoldedClassifier | None = None

    @renamed_parameters(**PARAMETERS)
    def __init__(
        self,
        *,
        encoder: Any = None,
        train_encoder: str | int = "none",
        encoder_learning_rate: float = 1e-4,
        download: bool = False,
        pooling: str = "attention",
        heads: int | None = None,
        linear: bool = True,
        tokenizer: str = "auto",
        dictionary: Sequence[str] | str | Path | None = None,
        normalizer: str = "softmax",
        dim: int = 128,
        attention_dim: int | None = 64,
        kernel_sizes: Sequence[int] = (),
        residual: bool = False,
        ngrams: Sequence[int] = (2, 3),
        char_ngrams: Sequence[int] = (3, 4, 5),
        positions: bool = False,
        cleanup: Sequence[str] = (),
        min_frequency: int = 1,
        ngram_min_frequency: int | None = None,
        max_length: int | float | str = "auto",
        class_weight: str | Mapping[Any, float] | None = "auto",
        embedding_dropout: float = 0.2,
        token_dropout: float = 0.0,
        dropout: float = 0.3,
        label_smoothing: float = 0.05,
        faithful: bool = False,
        mask_training: bool = False,
        equal_length: bool = False,
        attention_target: float = 0.0,
        head_diversity: float = 0.0,
        learning_rate: float = 3e-3,
        epochs: int | None = None,
        patience: int = 3,
        refit: bool = True,
        device: str | None = None,
        seed: int = 0,
    ) -> None:
        self.encoder, self.train_encoder = encoder, train_encoder
        self.encoder_learning_rate, self.download = encoder_learning_rate, download
        self.pooling = pooling
        self.heads = heads
        self.linear = linear
        self.tokenizer = tokenizer
        self.dictionary = dictionary
        self.normalizer = normalizer
        self.dim = dim
        self.attention_dim = attention_dim
        self.kernel_sizes = kernel_sizes
        self.residual = residual
        self.ngrams = ngrams
        self.char_ngrams = char_ngrams
        self.positions = positions
        self.cleanup = cleanup
        self.min_frequency = min_frequency
        self.ngram_min_frequency = ngram_min_frequency
        self.max_length = max_length
        self.class_weight = class_weight
        self.embedding_dropout = embedding_dropout
        self.token_dropout = token_dropout
        self.dropout = dropout
        self.label_smoothing = label_smoothing
        self.faithful = faithful
        self.mask_training = mask_training
        self.equal_length = equal_length
        self.attention_target = attention_target
        self.head_diversity = head_diversity
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.patience = patience
        self.refit = refit
        self.device = device
        self.seed = seed

    def fit(
        self,
        texts: Iterable[str],
        labels: Iterable[Label],
        *,
        unlabelled: Iterable[str] | None = None,
        teacher: Any = None,
        validation: float | tuple[Iterable[str], Iterable[Label]] | None = 0.1,
        cache: str | Path | None = None,
        progress: Progress | None = None,
    ) -> TextClassifier:
        """Train.

        Args:
            texts: The texts.
            labels: Their classes.
            unlabelled: Further texts of the same kind. The teacher answers them, and the model
                learns from its answers too; it needs no teacher afterwards.
            teacher: What gives vectors of texts: the folder of a Hugging Face encoder (nothing is
                downloaded), a `SentenceTransformer`, or a function from a list of strings to an
                array; a classifier is fitted on them. Or what gives probabilities: a model with
                `predict_proba` and the same classes, or the folder of one that attnpool saved.
                Default, with unlabelled texts: `"lsa"`, a truncated SVD of the texts at hand, if
                cross-validation on the labelled rows shows that it helps.
            validation: The share of rows that are held out to measure the model, or such rows
                (texts, labels), or None for none. With many rows, and always without a
                linear part, they also choose when to stop; else folds of the others do.
                Without either, attention is trained for all epochs.
            cache: A folder that keeps the teacher's vectors, so that a training that was cut
                short goes on; default: they are kept while it trains.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: Texts are not strings, the numbers of texts and labels differ, there is
                only one class, or a parameter is invalid.
        """
        settings = ClassifierSettings.of(self.get_params())
        fitted = fit_classifier(
            settings,
            texts,
            labels,
            unlabelled=unlabelled,
            teacher=teacher,
            validation=validation,
            cache=cache,
            progress=progress,
        )
        # Only now: a fit that fails or is stopped leaves the estimator as it was.
        self.__dict__.update(fitted)
        return self

    def predict_proba(
        self, texts: Iterable[str], *, progress: Progress | None = None
    ) -> np.ndarray:
        """The probability of each class, `(texts, classes)`, in the order of `classes_`."""
        check_fitted(self)
        tokens = self.reader_(checked_texts(texts))
        with (progress or Progress()).bar("predicting", len(tokens)) as advance:
            logits = predict_batches(self._ready(), tokens, advance=advance).logits
        probabilities: np.ndarray = softmax(finite(logits, self.model_).astype(np.float64))
        return probabilities

    def predict(self, texts: Iterable[str]) -> np.ndarray:
        """The most probable class of each text."""
        numbers = self.predict_proba(texts).argmax(axis=1)
        predicted: np.ndarray = self.classes_[numbers]
        return predicted

    def explain(
        self,
        texts: Iterable[str],
        method: str | None = None,
        target: Label | None = None,
        *,
        labels: Iterable[Label | None] | None = None,
        faithfulness: bool = False,
        progress: Progress | None = None,
    ) -> Explanations:
        """The prediction for each text, and what moved it.

        Args:
            texts: Raw texts.
            method: The attribution method that gives the values, one of `attnpool.METHODS`.
                Default: `"contribution"`; `"attention"` where logits cannot be split.
            target: The class to explain; default: the predicted one.
            labels: The true classes, if known; None or "" for a text without one.
            faithfulness: Whether to measure how faithful the values are. This takes about two
                hundred times as long.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: The method or the target is unknown, or texts are not strings.
        """
        check_fitted(self)
        texts = checked_texts(texts)
        truth = None
        if labels is not None:
            truth = true_classes(listed(labels, "labels"), len(texts), self.classes_.tolist())
        with (progress or Progress()).bar(
            "explaining", len(texts) * rounds(faithfulness=faithfulness)
        ) as advance:
            explanations = explain(
                AttributionRequest(self._ready(), [texts], self.reader_(texts), advance=advance),
                [str(label) for label in self.classes_.tolist()],
                method=method,
                target=None if target is None else class_names([target], self.classes_.tolist())[0],
                truth=truth,
                faithfulness=faithfulness,
            )
        return Explanations(explanations)

    def faithfulness(
        self,
        texts: Iterable[str],
        methods: Sequence[str] = COMPARED,
        *,
        masking: bool = False,
        curves: bool = True,
        progress: Progress | None = None,
    ) -> FaithfulnessByMethod:
        """How faithful methods are on these texts, beside random orders.

        Args:
            texts: Raw texts.
            methods: Names of methods.
            masking: Whether tokens are replaced by an unknown token instead of removed.
            curves: Whether to measure deletion and insertion curves too, at twice the cost.
            progress: Where to show progress; default: nowhere.

        Raises:
            InputError: A method is unknown or does not fit the model, or texts are not strings.
        """
        check_fitted(self)
        texts = checked_texts(texts)
        total = len(texts) * (len(methods) + DRAWS)
        with (progress or Progress()).bar("measuring", total) as advance:
            measured = compare_methods(
                AttributionRequest(self._ready(), [texts], self.reader_(texts)),
                methods,
                masking=masking,
                curves=curves,
                advance=advance,
            )
        return FaithfulnessByMethod(measured).in_language_of(texts)

    def _ready(self) -> Classifier | FoldedClassifier:
        """The model, folded where that can be; folded anew only when its weights have changed."""
        if not foldable(self.model_):
            return self.model_
        if self._folded is None or not self._folded.is_current(self.model_):
            self._folded = FoldedClassifier(self.model_).eval()
        return self._folded

    def __getstate__(self) -> dict[str, Any]:
        """Without the folded tables, which are soon made anew."""
        return {**self.__dict__, "_folded": None}

    def __sklearn_tags__(self) -> Any:
        """Texts, not numbers: scikit-learn's own checks need to know."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        return tags
