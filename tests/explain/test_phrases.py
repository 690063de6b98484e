"""What drives each class, on explanations made by hand whose right answer is known."""

import itertools
import time

import numpy as np
import pytest

import attnpool
from attnpool import Explanation, InputError, TextClassifier, phrases
from attnpool.data.demo_rows import load_demo
from attnpool.explain import ClassPhrases
from attnpool.explanation import Side

CLASSES = {"good": 0.9, "bad": 0.1}


def by_character(text, pushes, target="good", method="contribution"):
    """A row whose listed pieces carry the values, shared evenly by their characters."""
    spans = [(i, i + 1) for i in range(len(text))]
    return row(text, spans, pushes, target, method)


def by_word(text, pushes, target="good"):
    ends = list(itertools.accumulate(len(word) + 1 for word in text.split(" ")))
    spans = [(end - 1 - len(w), end - 1) for w, end in zip(text.split(" "), ends, strict=True)]
    return row(text, spans, pushes, target)


def row(text, spans, pushes, target="good", method="contribution"):
    values = np.zeros(len(spans))
    for piece, value in pushes.items():
        at = text.find(piece)
        while at >= 0:
            inside = [i for i, (s, e) in enumerate(spans) if at <= s and e <= at + len(piece)]
            values[inside] = value / len(inside)
            at = text.find(piece, at + len(piece))
    return Explanation.from_values(
        text, spans, values, method=method, probabilities=CLASSES, target=target
    )


def known(listed):
    return [(one.text, round(one.value, 9), one.count, one.rows) for one in listed]


def texts(listed):
    return [phrase.text for phrase in listed]


BEFORE = ["房间", "早餐", "位置也", "服务", "真的", "总体上", "价格", "我觉得"]
AFTER = ["。", "！下次来", "的酒店", "哦", "，推荐", "啦", "呢", "～"]


def test_a_phrase_is_listed_and_not_its_characters():
    praise = [by_character(f"{b}不错{a}", {"不错": 1.0}) for b in BEFORE for a in AFTER]
    wrong = [by_character(f"{b}差了{a}", {"差": 0.6}, "bad") for b in BEFORE for a in AFTER]
    refused = [by_character(f"{b}不行{a}", {"不": 0.4}, "bad") for b in BEFORE for a in AFTER]
    good, bad = phrases([*praise, *wrong, *refused])
    assert [good.name, good.rows, bad.name, bad.rows] == ["good", 64, "bad", 128]
    assert known(good.supporting) == [("不错", 1.0, 64, 64)]
    assert texts(bad.supporting) == ["差", "不"]
    assert good.opposing == bad.opposing == []


def test_words_that_mean_more_together_than_apart():
    words = ["food", "bed", "bar", "view", "spa"]
    fine = [by_word(f"{w} is good here", {"good": 0.5}) for w in words * 8]
    not_ = [by_word(f"{w} was not so", {"not": 0.1}, "bad") for w in words]
    poor = [
        by_word(f"{w} is not good {a}", {"not good": 0.8}, "bad")
        for w in ("food", "bed", "bar")
        for a in ("here", "there", "anyway", ",")
    ]
    good, bad = phrases([*fine, *not_, *poor])
    assert texts(good.supporting) == ["good"]
    assert texts(bad.supporting)[0] == "not good"
    assert "good" not in texts(bad.supporting)
    assert bad.supporting[0].value == pytest.approx(0.8)


def test_parts_that_only_add_up_are_listed_one_by_one():
    rows = [
        by_word(f"{w} {a} {end}", {"clean": 0.5, "quiet": 0.5})
        for w in ("room", "hall", "bath", "spa")
        for a in ("clean now", "quiet then", "clean quiet", "quiet so", "clean too")
        for end in ("yes", "ok", "well")
    ]
    assert texts(phrases(rows)[0].supporting) == ["clean", "quiet"]


@pytest.mark.parametrize("mark", [".", "，", "!", "\n", "…", "“"])
def test_no_phrase_runs_across_punctuation_or_lines(mark):
    rows = [by_character(f"{b}好{mark}棒{a}", {"好": 0.5, "棒": 0.5}) for b in BEFORE for a in "12"]
    assert set(texts(phrases(rows)[0].supporting)) == {"好", "棒"}


def test_punctuation_is_never_listed_but_joins_words():
    rows = [
        row(f"{w} check-in!", [(0, 3), (4, 9), (9, 10), (10, 12), (12, 13)],
            {"check-in": 0.9, "!": 0.9})
        for w in ("our", "the", "bad", "any", "one", "two")
    ]  # fmt: skip
    assert texts(phrases(rows)[0].supporting) == ["check-in"]


def test_what_is_frequent_everywhere_is_no_news():
    things = [(place, thing) for place in "甲乙丙" for thing in "天地玄黄宇宙洪荒日月盈昃辰宿列张"]
    one = [by_character(f"{p}的{t}好", {"的": 0.9, "好": 0.9}) for p, t in things]
    two = [by_character(f"{p}的{t}差", {"的": 0.9, "差": 0.9}, "bad") for p, t in things]
    good, bad = phrases([*one, *two])
    assert texts(good.supporting) == ["好"]
    assert texts(bad.supporting) == ["差"]


def test_what_speaks_against_a_class_is_listed_apart():
    one = [by_character(f"{b}但吵{a}", {"吵": -0.4}) for b in BEFORE for a in "12"]
    two = [by_character(f"{b}很吵吗{a}", {"吵": 0.4}, "bad") for b in BEFORE for a in "1234"]
    good, bad = phrases([*one, *two])
    assert [good.supporting, texts(good.opposing)] == [[], ["吵"]]
    assert good.opposing[0].value == pytest.approx(-0.4)
    assert good.opposing[0].total == pytest.approx(-0.4 * 16)
    assert [texts(bad.supporting), bad.opposing] == [["吵"], []]


def test_letters_count_in_lower_case_and_white_space_as_one_space():
    rows = [
        row(text, spans, {piece: 0.8})
        for text, piece, spans in [
            ("so Very  Good", "Very  Good", [(0, 2), (3, 7), (9, 13)]),
            ("it very good", "very good", [(0, 2), (3, 7), (8, 12)]),
            ("is very\tgood", "very\tgood", [(0, 2), (3, 7), (8, 12)]),
        ]
        * 3
    ]
    assert known(phrases(rows)[0].supporting) == [("very good", 0.8, 9, 9)]


def test_tokens_that_share_a_character_are_one():
    spans = [(0, 1), (1, 2), (1, 2), (1, 2), (1, 2), (2, 3)]
    rows = [
        Explanation.from_values(f"{b}😀{a}", spans, [0.0, 0.2, 0.2, 0.2, 0.2, 0.0],
                                method="contribution", prediction="good")
        for b in "abc" for a in "xyz"
    ]  # fmt: skip
    assert known(phrases(rows)[0].supporting) == [("😀", 0.8, 9, 9)]


@pytest.mark.parametrize(
    "word", ["e\u0301te\u0301", "👩‍👩‍👧", "🇩🇪", "สวัสดี", "שלום", "हिन्दी", "مرحبا"]
)
def test_no_character_of_a_reader_is_split(word):
    rows = [by_character(f"{b} : {word}{a}", {word: 1.0}) for b in BEFORE for a in ",;!?"]
    assert texts(phrases(rows)[0].supporting) == [word]


def test_ties_keep_one_order_and_every_run_is_equal():
    rows = [
        by_word(f"{w} {a} x{n}", {"alpha": 0.5, "beta": 0.5, "gamma": 0.5})
        for n, w in enumerate("pqrstu")
        for a in ("alpha", "beta", "gamma")
    ]
    first = phrases(rows)
    assert sorted(texts(first[0].supporting)) == ["alpha", "beta", "gamma"]
    assert all(phrases(rows) == first for _ in range(3))
    assert [texts(phrases(rows, shown=n)[0].supporting) for n in (1, 2)] == [
        texts(first[0].supporting)[:n] for n in (1, 2)
    ]


@pytest.mark.parametrize("size", [1.6, 1.8, 2.0, 2.2, 3.0])
@pytest.mark.parametrize(("sign", "side"), [(1, "supporting"), (-1, "opposing")])
def test_a_strong_word_is_listed_whatever_always_precedes_it(size, sign, side):
    def listed(before):
        filler, slow = 20, size * 20 / (20 + len(before) + 1 - size)  # times the typical size
        rows = []
        for number in range(12):
            signs = np.random.default_rng(number).permutation([1.0, -1.0] * 10)
            weak = {f"{word}{number}": push for word, push in zip("abcdefghijklmnopqrst", signs,
                                                                  strict=True)}  # fmt: skip
            assert len(weak) == filler
            text = " ".join([*weak, ",", *before, "slow"])
            pushes = {**weak, "slow": sign * slow, **dict.fromkeys(before, sign * 0.01)}
            rows.append(by_word(text, pushes))
        return texts(getattr(phrases(rows)[0], side))

    assert listed([]) == ["slow"]
    assert listed(["too"]) == ["too slow"]
    assert listed(["far", "too"]) == ["far too slow"]


def test_classes_that_are_numbers_are_in_numeric_order():
    names = sorted(str(number) for number in range(1, 12))
    rows = [
        Explanation.from_values(
            f"so, word{name}", [(0, 2), (4, 8 + len(name))], [0.0, 1.0], method="contribution",
            probabilities=dict.fromkeys(names, 1 / 11), target=name,
        )
        for name in names for _ in range(6)
    ]  # fmt: skip
    found = phrases(rows)
    assert [one.name for one in found] == [str(number) for number in range(1, 12)]
    assert [texts(one.supporting) for one in found] == [[f"word{one.name}"] for one in found]


def test_pairs_are_read_side_by_side():
    pair = by_character("上好下", {"好": 0.5})
    pair.sides = (*pair.sides, *by_character("坏好吗", {"好": 0.5}).sides)
    assert known(phrases([pair] * 5)[0].supporting) == [("好", 0.5, 10, 5)]


def test_nothing_to_list():
    assert phrases([]) == []
    empty = ClassPhrases("good", 6, [], [])
    assert phrases([by_character("", {})] * 6) == [empty]
    assert phrases([by_character("一样的字", {})] * 6) == [empty]
    assert phrases([by_character(" \n\t", {" ": 1.0})] * 6) == [empty]
    assert phrases([by_character("。！", {"。": 1.0})] * 6) == [empty]


@pytest.mark.parametrize("text", ["=1+1", "<script>", "\ud800坏", "\u202e坏", "a\x00b", "\ufeff坏"])
def test_hostile_texts_are_words_like_others(text):
    rows = [by_character(f"{b} {text} 啊{a}", {text: 1.0}) for b in BEFORE for a in "12"]
    [of_class] = phrases(rows)
    assert all(phrase.text.encode() for phrase in of_class.supporting)
    assert of_class.supporting


def test_huge_texts():
    text = "字句" * 100_000
    spans = np.arange(len(text))[:, None] + [0, 1]
    began = time.process_time()
    one = Explanation.from_values(text, spans, np.tile([1.0, 0.0], 100_000), method="contribution",
                                  prediction="good")  # fmt: skip
    phrases([one])
    assert time.process_time() - began < 20


def test_values_that_speak_for_no_class_are_refused():
    for method in ("attention", "max_sum", "closeness", "random"):
        with pytest.raises(InputError, match="speak for no class; explain with 'contribution'"):
            phrases([by_character("好", {"好": 1.0}, method=method)])
    assert phrases([by_character("一二好三", {"好": 1.0}, method="of my own")] * 5)[0].supporting


@pytest.mark.parametrize("name", ["minimum", "longest", "shown"])
def test_numbers_below_one_are_refused(name):
    with pytest.raises(InputError, match=f"{name} is 0; give a number of at least 1"):
        phrases([], **{name: 0})


def test_a_text_counts_as_far_as_it_was_read():
    side = Side("一好二好", np.array([[0, 1], [1, 2]]), np.zeros((1, 2)), np.array([0, 1.0]), 2)
    one = by_character("一", {})
    one.sides = (side,)
    assert known(phrases([one] * 5)[0].supporting) == [("好", 1.0, 5, 5)]


def test_a_model_of_the_demo_is_driven_by_words_and_not_by_their_characters(sentiment):
    model, test = sentiment
    train = load_demo("sentiment", "train")
    rows = model.explain([*train.texts[0], *test.texts[0]], method="contribution")
    listed = {phrase.text: phrase for one in phrases(rows) for phrase in one.supporting}
    evidence = {word for of_row in (*train.evidence, *test.evidence) for word in of_row}
    whole = {text for text in listed if any(text in word or word in text for word in evidence)}
    assert len(whole) >= len(listed) / 2
    for one in phrases(rows):
        for part, longer in itertools.permutations(one.supporting, 2):
            if part.text in longer.text:
                # A part stands beside the whole only where it is frequent without it.
                assert part.count >= 1.5 * longer.count, (part, longer)
    assert not {"，", "。", "的"} & listed.keys()
    assert any(len(text) > 2 for text in listed)


def test_listing_takes_less_time_than_explaining():
    rng = np.random.default_rng(0)
    words = ["".join(rng.choice(list("天地玄黄宇宙洪荒日月盈昃辰宿列张"), 2)) for _ in range(200)]
    made = ["".join(rng.choice(words, 50)) for _ in range(2_000)]
    labels = ["a" if "天" in text[:20] else "b" for text in made]
    model = TextClassifier(epochs=1).fit(made[:300], labels[:300])
    spent = []
    for _ in range(3):
        began = time.process_time()
        explained = model.explain(made, method="contribution")
        between = time.process_time()
        attnpool.phrases(explained)
        spent.append((between - began, time.process_time() - between))
    explaining, listing = np.min(spent, axis=0)
    print(f"explaining {explaining:.2f} s, listing {listing:.2f} s")  # noqa: T201
    assert listing < 2 * explaining  # a busy machine; alone it takes less
