"""Tables where one column belongs: one line says so, wherever texts, pairs and labels are taken."""

import itertools

import numpy as np
import polars as pl
import pytest

import attnpool
from attnpool import InputError, TextClassifier, TextMatcher
from attnpool.explain.lists import listed

# What users see: with signatures checked, some of this is another error.
pytestmark = pytest.mark.usefixtures("unchecked")

TEXTS = [f"clean and nice {i}" if i % 2 else f"noisy bad place {i}" for i in range(24)]
LABELS = ["good" if i % 2 else "bad" for i in range(24)]
PAIRS = list(zip(TEXTS, TEXTS[::-1], strict=True))


class DataFrame:
    """What pandas's has of a table: iterating over it gives the names of its columns."""

    ndim = 2

    def __init__(self, columns):
        self.data, self.columns = columns, list(columns)
        self.shape = (len(next(iter(columns.values()))), len(columns))

    def __len__(self):
        return self.shape[0]

    def __iter__(self):
        return iter(self.columns)

    def __getitem__(self, names):
        if isinstance(names, str):
            return np.array(self.data[names], dtype=object)
        return DataFrame({name: self.data[name] for name in names})


def pandas_frame(columns):
    return pytest.importorskip("pandas").DataFrame(columns)


FRAMES = {"polars": pl.DataFrame, "like pandas": DataFrame, "pandas": pandas_frame}
# Whatever is no single column: how it is made of a list, and what the message has to say.
NO_COLUMNS = {
    **{
        f"{name} of {width}": (
            lambda column, make=make, width=width: make(
                {"text": column, "b": column} if width == 2 else {"text": column}
            ),
            r"is a DataFrame; give one column, such as df\['text'\]$",
        )
        for name, make in FRAMES.items()
        for width in (1, 2)
    },
    "array": (lambda column: np.array(column)[:, None], r"shape \(\d+, 1\).*\.ravel\(\)$"),
    "wide array": (lambda column: np.array([column, column]).T, r"shape \(\d+, 2\).*columns$"),
    "no dimension": (lambda column: np.array(column[0]), r"shape \(\)"),
    "lists": (lambda column: [[one] for one in column], r"\[0\] is list.* itself$"),
    "tuples": (lambda column: [(one,) for one in column], r"\[0\] is tuple.* itself$"),
    "objects": (lambda column: pl.Series([[one] for one in column]), r"\[0\] is Series.* itself$"),
    "records": (lambda column: [{"text": one} for one in column], r"\[0\] is dict.* itself$"),
    "mapping": (lambda column: {"text": column}, "is dict; give a list"),
    "set": (set, "is set; give a list"),
    "string": (lambda column: column[0], "is one string"),
    "lazy": (lambda column: pl.LazyFrame({"text": column}), "is LazyFrame; give a list"),
    "number": (lambda column: 5, "is int; give a list"),
    "nothing": (lambda column: None, "is NoneType; give a list"),
}


@pytest.fixture(scope="module")
def model():
    return TextClassifier(epochs=1, dim=8).fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def ranker():
    return TextMatcher(architecture="label", epochs=1, dim=8).fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def matcher():
    return TextMatcher(architecture="triplet", epochs=1, dim=8).fit(PAIRS, LABELS)


def new():
    return TextClassifier(epochs=1, dim=8)


OF_TEXTS = {
    "fit": lambda model, ranker, x: new().fit(x, LABELS),
    "validation": lambda model, ranker, x: new().fit(TEXTS, LABELS, validation=(x, LABELS)),
    "predict": lambda model, ranker, x: model.predict(x),
    "predict_proba": lambda model, ranker, x: model.predict_proba(x),
    "explain": lambda model, ranker, x: model.explain(x),
    "faithfulness": lambda model, ranker, x: model.faithfulness(x),
    "score": lambda model, ranker, x: model.score(x, LABELS),
    "known_rows": lambda model, ranker, x: model.known_rows(x),
    "report": lambda model, ranker, x: attnpool.report(model, x),
    "ranker fit": lambda model, ranker, x: TextMatcher(architecture="label").fit(x, LABELS),
    "ranker predict": lambda model, ranker, x: ranker.predict(x),
    "embed": lambda model, ranker, x: ranker.embed(x),
}
OF_LABELS = {
    "fit": lambda model, ranker, y: new().fit(TEXTS, y),
    "validation": lambda model, ranker, y: new().fit(TEXTS, LABELS, validation=(TEXTS, y)),
    "explain": lambda model, ranker, y: model.explain(TEXTS, labels=y),
    "matcher": lambda model, ranker, y: TextMatcher(epochs=1).fit(PAIRS, y),
    "report": lambda model, ranker, y: attnpool.report(model, TEXTS, y),
    "candidates": lambda model, ranker, y: ranker.predict(TEXTS, candidates=y),
    "ranked": lambda model, ranker, y: ranker.explain(TEXTS, candidates=y),
}
OPTIONAL = {"explain", "report", "candidates", "ranked"}  # of labels: None is none


@pytest.mark.parametrize("where", OF_TEXTS)
@pytest.mark.parametrize("name", NO_COLUMNS)
def test_texts_that_are_no_column_are_refused_in_one_line(model, ranker, where, name):
    make, message = NO_COLUMNS[name]
    with pytest.raises(InputError, match=rf"^texts[^\n]*{message}"):
        OF_TEXTS[where](model, ranker, make(TEXTS))


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (where, name)
        for where, name in itertools.product(OF_LABELS, NO_COLUMNS)
        if name != "nothing" or where not in {*OPTIONAL, "matcher"}
    ],
)
def test_labels_that_are_no_column_are_refused_in_one_line(model, ranker, where, name):
    make, message = NO_COLUMNS[name]
    with pytest.raises(InputError, match=rf"^(labels|candidates)[^\n]*{message}"):
        OF_LABELS[where](model, ranker, make(LABELS))


OF_PAIRS = {
    "fit": lambda matcher, x: TextMatcher(epochs=1).fit(x, LABELS),
    "predict": lambda matcher, x: matcher.predict(x),
    "explain": lambda matcher, x: matcher.explain(x),
    "faithfulness": lambda matcher, x: matcher.faithfulness(x),
    "decision_function": lambda matcher, x: matcher.decision_function(x),
    "known_rows": lambda matcher, x: matcher.known_rows(x),
    "report": lambda matcher, x: attnpool.report(matcher, x),
    "triplets": lambda matcher, x: matcher.triplet_accuracy(x),
}


@pytest.mark.parametrize("where", OF_PAIRS)
@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_table_of_pairs_is_refused_with_the_way_to_zip_it(matcher, where, frame, width):
    table = FRAMES[frame](dict(zip("qa\n", [TEXTS] * width, strict=False)))
    with pytest.raises(InputError, match=r"^(pairs|triplets) is a DataFrame; [^\n]*zip\(df\['q'\]"):
        OF_PAIRS[where](matcher, table)


@pytest.mark.parametrize("given", [{"a": "b"}, 5, None, {("a", "b")}, np.array("a")], ids=repr)
@pytest.mark.parametrize("where", OF_PAIRS)
def test_pairs_that_are_no_list_are_refused_in_one_line(matcher, where, given):
    with pytest.raises(InputError, match=r"^(pairs|triplets) [^\n]*; give a list"):
        OF_PAIRS[where](matcher, given)


COLUMNS = {
    "polars": pl.Series,
    "array": np.array,
    "objects": lambda column: np.array(column, dtype=object),
    "tuple": tuple,
    "generator": iter,
    "keys": lambda column: dict(enumerate(column)).values(),
    "like pandas": lambda column: DataFrame({"text": column})["text"],
    "pandas": lambda column: pandas_frame({"text": column})["text"],
    "index": lambda column: pytest.importorskip("pandas").Index(column),
    "categories": lambda column: pl.Series(column, dtype=pl.Categorical),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_single_column_is_as_good_as_a_list(model, kind):
    make = COLUMNS[kind]
    fitted = new().fit(make(TEXTS), make(LABELS), validation=(make(TEXTS), make(LABELS)))
    assert fitted.classes_.tolist() == ["bad", "good"]
    expected = model.predict(TEXTS).tolist()
    assert model.predict(make(TEXTS)).tolist() == expected
    assert [row.prediction for row in model.explain(make(TEXTS), labels=make(LABELS))] == expected
    assert len(attnpool.report(model, make(TEXTS), make(LABELS))) > 1000


@pytest.mark.parametrize("make", [np.array, iter, list, lambda rows: np.array(rows, dtype=object)])
def test_rows_of_two_texts_are_pairs(matcher, make):
    assert len(matcher.predict(make(PAIRS))) == len(PAIRS)


@pytest.mark.parametrize(
    "given", [5, {"a": 1}, ["a"], pl.DataFrame({"text": TEXTS})], ids=lambda x: type(x).__name__
)
def test_phrases_are_of_explanations(given):
    with pytest.raises(InputError, match=r"^explanations[^\n]*; give "):
        attnpool.phrases(given)


def test_the_names_of_columns_do_no_harm_in_a_message():
    with pytest.raises(InputError) as caught:
        listed(DataFrame({"a\n\x1b[31m": ["x"], 5: ["y"]}), "texts")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("pair", [{"text_a": "a b", "text_b": "c d"}, {"a b", "c d"}])
def test_a_pair_is_neither_a_mapping_nor_a_set(pair):
    with pytest.raises(InputError, match=r"pairs\[0\] is (dict|set); give \(left, right\)"):
        TextMatcher().fit([pair] * 4, [0, 1, 0, 1])


@pytest.mark.parametrize("label", ["", " "])
def test_an_empty_label_is_a_missing_one(label):
    with pytest.raises(InputError, match=r"labels\[1\] is empty"):
        TextClassifier().fit(["a", "b", "c"], ["x", label, "y"])


def test_validation_has_two_parts():
    with pytest.raises(InputError, match="validation has 1 parts"):
        TextClassifier().fit(["a", "b"], ["x", "y"], validation=(["a"],))
