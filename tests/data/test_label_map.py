"""Labels are grouped by rules; labels that look like scores are recognised."""

import json
import re

import pytest

from attnpool.data import Reading, read
from attnpool.data.label_map import parse_label_map
from attnpool.errors import InputError

RULES = {"1": "差评", "2": "差评", "3": "差评", "4": "好评", "5": "好评"}


def test_rules_are_parsed():
    assert parse_label_map(["1, 2,3=差评", "4,5 = 好评"]) == RULES
    assert parse_label_map(["a=b=c"]) == {"a=b": "c"}
    assert parse_label_map([]) == {}


@pytest.mark.parametrize("rule", ["1,2", "=x", "1=", "1,,2=x", "", ",=x"])
def test_what_is_no_rule_is_one_line(rule):
    with pytest.raises(InputError, match="give LABEL,LABEL=NAME"):
        parse_label_map(["9=a", rule])


def test_a_label_in_two_rules_is_refused():
    with pytest.raises(InputError, match="the label '3' is in two rules; leave it in one"):
        parse_label_map(["1,2,3=差评", "3,4,5=好评"])


FLIPPED = ["1,2,3=0", "4,5=1"]


@pytest.mark.parametrize(
    ("rules", "name", "becomes"),
    [(FLIPPED, "1", "0"), (["1,2=3", "3=x"], "3", "x"), (["a=b", "b=a"], "b", "a")],
)
def test_a_group_called_like_a_label_of_another_is_refused(write, fails, rules, name, becomes):
    message = (
        f"--label-map: '{name}' names a group and is also a label that becomes '{becomes}'; "
        'choose other names, such as --label-map "1,2,3=bad"'
    )
    with pytest.raises(InputError, match=re.escape(message)):
        parse_label_map(rules)
    pairs = [rule.split("=") for rule in rules]
    names = {label: group for labels, group in pairs for label in labels.split(",")}
    write("r.csv", "评分,评论内容\n1,甲\n5,乙\n")
    assert fails("r.csv", label_map=names) == message
    with pytest.raises(InputError, match="choose other names"):
        Reading.from_dict({"label_map": names})


def test_a_group_may_keep_the_name_of_a_label_of_its_own(write):
    names = parse_label_map(["1=1", "2,3=1", "4,5=4"])
    rows = read(write("r.csv", "评分,评论内容\n1,甲\n3,乙\n5,丙\n4,丁\n"), label_map=names)
    assert rows.labels == ["1", "1", "4", "4"]
    assert Reading.from_dict(rows.reading.to_dict()) == rows.reading


def test_labels_are_grouped_and_names_pass(write):
    rows = read(write("r.csv", "评分,评论内容\n1,甲\n5,乙\n好评,丙\n"), label_map=RULES)
    assert rows.labels == ["差评", "好评", "好评"]
    form = json.loads(json.dumps(rows.reading.to_dict()))
    assert form["label_map"] == RULES
    assert Reading.from_dict(form) == rows.reading
    # The next file is read in the same way.
    again = read(write("s.csv", "评分,评论内容\n4,丁\n差评,戊\n"), reading=rows.reading)
    assert again.labels == ["好评", "差评"]
    unlabelled = read(write("t.csv", "评分,评论内容\n9,己\n"), reading=rows.reading, labelled=False)
    assert unlabelled.labels == ["9"]


def test_a_label_in_no_rule_is_one_line(write, fails):
    write("r.csv", "评分,评论内容\n1,甲\n6,乙\n7,丙\n")
    assert fails("r.csv", label_map=RULES) == (
        "r.csv, row 2: the label '6' is in no rule of --label-map: '1,2,3=差评', '4,5=好评' "
        "(1 more bad row: 3); fix the file, or use --skip-bad-rows"
    )
    assert len(read("r.csv", label_map=RULES, skip_bad_rows=True)) == 1


def test_the_labels_of_a_named_set_are_grouped_by_name(write):
    groups = {"喜悦": "正面", "愤怒": "负面", "厌恶": "负面", "低落": "负面"}
    write("r.csv", "label,review\n0,甲\n1,乙\n3,丙\n")
    rows = read("r.csv", dataset="simplifyweibo-4-moods", label_map=groups)
    assert rows.labels == ["正面", "负面", "负面"]
    # Rows that do not belong to the set need no rule.
    del groups["喜悦"]
    rows = read("r.csv", dataset="simplifyweibo-3-moods", label_map=groups)
    assert rows.labels == ["负面", "负面"]


@pytest.mark.parametrize("data", [{"label_map": ["1"]}, {"label_map": {"1": 2}}])
def test_tampered_rules_are_refused(data):
    with pytest.raises(InputError, match="retrain the model"):
        Reading.from_dict(data)


def test_whole_numbers_are_the_same_with_and_without_a_point(tmp_path):
    """Spreadsheets write scores either way."""
    file = tmp_path / "r.csv"
    scores = ["1.0", "2.0", "4", "5.00", "bad"]
    lines = [f"{score},text {number}" for number, score in enumerate(scores)]
    file.write_text("label,text\n" + "\n".join(lines) + "\n", "utf-8")
    for rules in ({"1": "bad", "2": "bad", "4": "good", "5": "good"},
                  {"1.0": "bad", "2.0": "bad", "4.0": "good", "5.0": "good"}):  # fmt: skip
        assert read(file, label_map=rules).labels == ["bad", "bad", "good", "good", "bad"]
    with pytest.raises(InputError, match=r"'1\.0' is in two rules"):
        read(file, label_map={"1": "bad", "1.0": "good"})
    with pytest.raises(InputError, match="choose other names"):
        read(file, label_map={"1.0": "0", "0": "1"})
