"""The bundled rows: counts, balance, evidence, splits, and that the script still writes them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from attnpool.data.demo_rows import DEMO_TASKS, load_demo
from attnpool.errors import InputError

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "write_demo_rows"
LABELS = {
    "sentiment": "正面 负面",
    "reviews": "positive negative",
    "moods": "喜悦 愤怒 厌恶 低落",
    "titles": "财经 房产 股票 教育 科技 社会 时政 体育 游戏 娱乐",
    "articles": "体育 财经 教育 科技 家居 娱乐",
    "pairs": "匹配 不匹配",
}
LENGTHS = {
    "sentiment": (10, 80),
    "reviews": (25, 200),
    "moods": (8, 80),
    "titles": (10, 25),
    "articles": (300, 1200),
    "pairs": (4, 40),
}
# Words that give a topic away; each topic takes part, and none takes over.
TOPICS = {
    "sentiment": "房间|前台 上菜|服务员 面料|尺码 屏幕|手机 剧情|影院 骑手|外卖 快递员|运费 "
    "门票|景色 文笔|书 软件|闪退",
    "reviews": "shower|desk|hotel soup|waiter|table coffee|barista|cup rider|noodles|curry "
    "parcel|driver|tracking film|plot|acting|effects",
    "moods": "老板 邻居 消息 室友 名单 客服 视频",
    "titles": "银行 楼市|小区 涨停|个股 高考|学校 手机 警方|民警 代表|干部 教练 玩家 导演|演唱会",
    "articles": "比分|教练 存款|股价 老师|学生 算法|芯片 客厅|厨房 粉丝|剧组",
    "pairs": "密码 充 煮 旅游 浇水 咳嗽 早餐|早饭 护照",
}

tasks = pytest.mark.parametrize("task", DEMO_TASKS)


def rows_of(task, split):
    """(texts, label, evidence) a row."""
    rows = load_demo(task, split)
    return list(zip(zip(*rows.texts, strict=True), rows.labels, rows.evidence, strict=True))


@tasks
def test_counts(task):
    train, test, both = (load_demo(task, split) for split in ("train", "test", "all"))
    assert len(both) >= 700
    assert len(train) >= 500
    assert len(test) >= 150
    assert len(train) + len(test) == len(both)
    assert train.name == task
    assert len(both.texts) == (2 if task == "pairs" else 1)


@tasks
@pytest.mark.parametrize("split", ["train", "test"])
def test_labels_are_balanced(task, split):
    counts = Counter(load_demo(task, split).labels)
    assert set(counts) == set(LABELS[task].split())
    assert max(counts.values()) <= 1.5 * min(counts.values())


@tasks
def test_labels_do_not_come_in_blocks(task):
    first = load_demo(task, "train").labels[:20]
    assert set(first) == set(LABELS[task].split())


@tasks
def test_evidence_stands_in_its_text(task):
    for texts, _, evidence in rows_of(task, "all"):
        assert evidence
        assert len(set(evidence)) == len(evidence)
        assert all(any(words in text for text in texts) for words in evidence)


def test_evidence_is_a_part_of_the_text():
    for task in ("sentiment", "reviews", "moods", "articles"):
        rows = rows_of(task, "all")
        share = sum(sum(map(len, words)) for _, _, words in rows)
        whole = sum(len(texts[0]) for texts, _, _ in rows)
        assert share < 0.55 * whole, task
        assert task != "articles" or share < 0.08 * whole


def test_both_sides_of_a_near_miss_are_marked():
    for (left, right), label, words in rows_of("pairs", "all"):
        if label == "不匹配":
            assert any(word in left for word in words)
            assert any(word in right for word in words)


@pytest.mark.parametrize(
    ("task", "turn", "mark"), [("sentiment", "，但", "，|虽然"), ("reviews", ", but", r"\. ")]
)
def test_counter_evidence_is_not_marked(task, turn, mark):
    mixed = [row for row in rows_of(task, "all") if turn in row[0][0]]
    assert len(mixed) > 50
    for (text,), _, words in mixed:
        clause = re.split(mark, text.split(turn)[0])[-1]
        assert not any(word in clause for word in words)


def test_reviews_are_english_sentences_whose_evidence_is_whole_words():
    texts = load_demo("reviews", "all").texts[0]
    for (text,), _, evidence in rows_of("reviews", "all"):
        assert re.fullmatch(r"([A-Z][A-Za-z ,;'-]+\.)( [A-Z][A-Za-z ,;'-]+\.)*", text)
        for words in evidence:
            assert re.findall(rf"\b{words}\b", text) == [words] * text.count(words)
    for words in (", but", "Although", " not ", "never", "nothing"):
        assert sum(words in text for text in texts) > 10, words


@tasks
def test_no_row_twice(task):
    texts = [texts for texts, _, _ in rows_of(task, "all")]
    assert len(set(texts)) == len(texts)


@tasks
def test_no_text_of_test_stands_in_train(task):
    train, test = (
        {text for side in load_demo(task, split).texts for text in side}
        for split in ("train", "test")
    )
    assert not train & test


@tasks
def test_test_has_evidence_that_train_hardly_knows(task):
    known = Counter(words for _, _, evidence in rows_of(task, "train") for words in evidence)
    rows = rows_of(task, "test")
    new = sum(any(known[words] <= 3 for words in evidence) for _, _, evidence in rows)
    assert 0.05 * len(rows) < new < 0.9 * len(rows)


@pytest.mark.parametrize(
    ("task", "words"), [("sentiment", "健身 教练 发型"), ("reviews", "loaf croissant usher")]
)
def test_topics_of_the_test_split_alone(task, words):
    train, test = (" ".join(load_demo(task, split).texts[0]) for split in ("train", "test"))
    for word in words.split():
        assert word in test
        assert word not in train


@tasks
@pytest.mark.parametrize("split", ["train", "test"])
def test_topics_are_spread(task, split):
    texts = ["".join(texts) for texts, _, _ in rows_of(task, split)]
    shares = {
        topic: sum(any(word in text for word in topic.split("|")) for text in texts) / len(texts)
        for topic in TOPICS[task].split()
    }
    assert max(shares.values()) < (0.4 if task == "articles" else 0.2), shares
    missing = [topic for topic, share in shares.items() if share == 0]
    assert len(missing) <= (0 if split == "train" else 1), missing


@tasks
def test_lengths_and_punctuation(task):
    low, high = LENGTHS[task]
    for texts, _, _ in rows_of(task, "all"):
        for text in texts:
            assert low <= len(text) <= high
            assert text == text.strip()
            assert not any(
                mark in text for mark in ("[", "]", "{", "}", "，，", "。。", "，。", "？。", "  ")
            )


def test_articles_vary_in_length():
    lengths = sorted(map(len, load_demo("articles", "all").texts[0]))
    assert lengths[0] < 330
    assert lengths[-1] > 1000


def test_unknown_names():
    with pytest.raises(InputError, match=r"no demo task named 'hotels'; choose one of: sentiment"):
        load_demo("hotels")
    with pytest.raises(InputError, match=r"no split named 'dev'; choose one of: train, test, all"):
        load_demo("moods", "dev")
    with pytest.raises(InputError):
        load_demo("../demo/moods")


def test_loads_without_torch():
    code = (
        "import sys; from attnpool.data.demo_rows import load_demo; load_demo('moods');"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_files_are_small_utf8_jsonl():
    folder = files("attnpool.data") / "demo"
    names = {f"{task}.jsonl" for task in DEMO_TASKS}
    assert {entry.name for entry in folder.iterdir()} == names
    written = {name: (folder / name).read_bytes() for name in sorted(names)}
    data = b"".join(written.values())
    english = len(written["reviews.jsonl"])
    assert english < 200_000
    assert len(data) - english < 1_600_000
    assert b"\r" not in data
    assert all(isinstance(json.loads(line), dict) for line in data.decode().splitlines())


@pytest.mark.skipif(not SCRIPT.is_dir(), reason="the writing script is not in the source archive")
def test_the_script_writes_the_same_bytes(tmp_path):
    command = [sys.executable, "-m", "scripts.write_demo_rows", "--out", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    for task in DEMO_TASKS:
        committed = (files("attnpool.data") / "demo" / f"{task}.jsonl").read_bytes()
        assert (tmp_path / f"{task}.jsonl").read_bytes() == committed, task
