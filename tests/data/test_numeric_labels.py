"""Labels that are numbers: scores are recognised, and measurements are no labels."""

import pytest

from attnpool.data import read
from attnpool.data.columns import LABEL, SCORES
from attnpool.data.scores import score_advice

HALVES = [f"{i / 2:g}" for i in range(1, 11)]
MEASURED = [f"{i * 0.01:.3f}" for i in range(1, 100)]


def advice(low, high):
    first, last = low.split(",")[0], high.split(",")[-1]
    return (
        f"labels {first} to {last} look like scores, in order; to group them: "
        f'--label-map "{low}=low" --label-map "{high}=high"'
    )


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ("12345", advice("1,2", "3,4,5")),
        (["1.0", "3.0", "2.0"], advice("1.0", "2.0,3.0")),
        ([str(i) for i in range(11)], advice("0,1,2,3,4", "5,6,7,8,9,10")),
        ("1245", advice("1,2", "4,5")),
        ("15", ""),
        (["0", "3", "10"], advice("0", "3,10")),
        (["0", "3", "11"], ""),
        (["20", "40", "60", "80", "100"], advice("20,40", "60,80,100")),
        (HALVES, advice(",".join(HALVES[:5]), ",".join(HALVES[5:]))),
        (["0.1", "0.2", "0.3"], advice("0.1", "0.2,0.3")),
        (["-1", "0", "1"], advice("-1", "0,1")),
        (["0.5", "1", "2"], ""),
        ("01", ""),
        (["1", "2", "好"], ""),
        (["1", "2", "nan"], ""),
        (["1", "1.0", "2"], ""),
        ([], ""),
    ],
)
def test_scores_are_recognised(labels, expected):
    assert score_advice([*labels, *labels]) == expected


@pytest.mark.parametrize("column", ["Category", "topic", "class", "class_id", "类别", "商品分类"])
def test_numbers_of_categories_are_ids(column):
    assert score_advice("12345", column) == ""


@pytest.mark.parametrize("column", [*SCORES, "label", "标签", "sentiment", "how_good", ""])
def test_numbers_of_other_columns_may_be_scores(column):
    assert score_advice("1245", column) == advice("1,2", "4,5")


def written(write, column, values):
    rows = "".join(f"{value},第{i}行,{i % 2}\n" for i, value in enumerate(values))
    return write("r.csv", f"{column},text,good\n{rows}")


@pytest.mark.parametrize("column", SCORES)
def test_a_measurement_is_no_label(write, fails, column):
    written(write, column.title(), MEASURED)
    assert fails("r.csv") == (
        f"r.csv: which column is the label? '{column.title()}' looks like a measurement, with "
        f"numbers such as '0.010'; columns other than the text: '{column.title()}', 'good'; "
        "name the label with --label"
    )
    assert set(read("r.csv", label="good").labels) == {"0", "1"}
    assert read("r.csv", label=column.title()).labels == MEASURED  # the user says so
    assert read("r.csv", labelled=False).labels is None


def test_measurements_that_recur_are_measurements(write, fails):
    written(write, "rate", MEASURED * 5)
    assert "looks like a measurement" in fails("r.csv")


@pytest.mark.parametrize(
    "values",
    [
        HALVES * 10,
        [str(i) for i in range(100)],
        ["4.0", "5.0"] * 5,
        ["0.5", "1.5"],
        ["good", "bad"],
    ],
)
def test_scores_are_labels(write, values):
    assert read(written(write, "score", values)).labels == values


@pytest.mark.parametrize("column", [name for name in LABEL if name not in SCORES])
def test_other_labels_may_be_any_number(write, column):
    assert read(written(write, column, MEASURED)).labels == MEASURED


@pytest.mark.parametrize("count", [12, 26, 40])
def test_many_numbers_with_decimals_are_pointed_out(count):
    labels = [f"{i * i / 25:.3f}" for i in range(count)]
    assert score_advice([*labels, *labels], "score") == (
        f"the {count} labels are numbers from 0.000 to {labels[-1]}, as scores and measurements "
        "are; each is a class of its own, without an order; group them with "
        '--label-map "0.000,0.040=low" and so on, or name another column with --label'
    )
    assert score_advice(labels, "category") == ""


def test_a_long_scale_is_not_listed_in_full():
    advice = score_advice(map(str, range(101)), "score")
    assert advice.startswith("the 101 labels are numbers from 0 to 100, as scores")
    assert len(advice) < 250


@pytest.mark.parametrize("labels", [["3", "17", "256"] * 9, [str(i * i) for i in range(60)]])
def test_numbers_without_decimals_and_without_a_scale_may_be_names(labels):
    assert score_advice(labels) == ""


def test_a_score_of_pairs_is_to_be_named_and_grouped(write, fails):
    rows = "".join(f"{i % 26 / 5:.3f}\tone text {i}\tanother {i}\n" for i in range(60))
    write("sts.tsv", f"score\tsentence1\tsentence2\n{rows}")
    assert fails("sts.tsv") == (
        "sts.tsv: which column is the label? Columns other than the text: 'score'; name it with "
        "--label, and group scores with --label-map"
    )
