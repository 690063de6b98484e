"""Rows of the gallery: public files are found where they lie, and held rows stay held out."""

import pytest

from attnpool.data import NAMED
from attnpool.errors import InputError
from attnpool.gallery.sources import SOURCES, check_folder, find_set, load_rows


def reviews(path, count):
    lines = [f"{i % 2},第{i}家酒店{'很好' if i % 2 else '很差'}" for i in range(count)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("label,review\n" + "\n".join(lines) + "\n", "utf-8")


def test_a_file_is_found_in_a_folder_below(tmp_path):
    file = tmp_path / "corpus" / "hotel" / "ChnSentiCorp_htl_all.csv"
    reviews(file, 50)
    assert find_set(tmp_path, NAMED["hotel"]) == file
    rows = load_rows(SOURCES["hotel"], tmp_path)
    assert (len(rows.train), len(rows.test), rows.available) == (40, 10, 50)
    assert not rows.bundled
    assert sorted(set(rows.test_labels)) == ["正面", "负面"]
    assert not set(rows.train) & set(rows.test)
    assert load_rows(SOURCES["hotel"], tmp_path).test == rows.test


def test_caps_hold_and_are_told(tmp_path):
    reviews(tmp_path / "ChnSentiCorp_htl_all.csv", 200)
    rows = load_rows(SOURCES["hotel"], tmp_path, most=40)
    assert len(rows.train) <= 40
    assert len(rows.test) == 10  # a fifth of the 50 drawn
    assert rows.available == 200


def test_pairs_that_share_a_question_with_a_held_one_are_no_training_rows(tmp_path):
    folder = tmp_path / "LCQMC"
    folder.mkdir()
    (folder / "train.txt").write_text("甲\t乙\t1\n丙\t丁\t0\n戊\t己\t1\n", "utf-8")
    (folder / "dev.txt").write_text("丁\t庚\t1\n辛\t壬\t0\n", "utf-8")
    (tmp_path / "train.txt").write_text("标题\t0\n", "utf-8")  # of another set
    for place in (tmp_path, folder):
        rows = load_rows(SOURCES["pairs"], place)
        assert rows.train == [("甲", "乙"), ("戊", "己")]
        assert rows.train_labels == ["匹配", "匹配"]
        assert rows.test == [("丁", "庚"), ("辛", "壬")]
        assert rows.available == 5


def test_titles_by_index_and_articles_are_found(tmp_path):
    titles, articles = tmp_path / "THUCNews" / "data", tmp_path / "cnews"
    titles.mkdir(parents=True)
    articles.mkdir()
    (titles / "class.txt").write_text("finance\nrealty\n", "utf-8")
    (titles / "train.txt").write_text("股市大涨\t0\n房价下跌\t1\n", "utf-8")
    (articles / "cnews.train.txt").write_text("体育\t球赛\n", "utf-8")
    assert find_set(tmp_path, NAMED["thucnews-titles-10"]) == titles
    assert find_set(tmp_path, NAMED["cnews"]) == articles
    assert find_set(tmp_path, NAMED["lcqmc"]) is None


def test_what_is_not_found_is_bundled(tmp_path):
    reviews(tmp_path / "ChnSentiCorp_htl_all.csv", 20)
    check_folder(tmp_path)
    rows = load_rows(SOURCES["pairs"], tmp_path)
    assert rows.bundled
    assert len(rows.train) == 1000
    assert "written for this project" in rows.origin


def test_a_folder_without_any_set_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no dataset"):
        check_folder(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        check_folder(tmp_path / "none")


@pytest.mark.real
@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.name)
def test_real_files_are_found_and_split(source, real_data):
    rows = load_rows(source, real_data)
    assert not rows.bundled
    assert len(rows.train) <= source.train
    assert len(rows.test) <= source.test
    seen = {text for item in rows.test for text in ([item] if isinstance(item, str) else item)}
    for item in rows.train:
        assert seen.isdisjoint([item] if isinstance(item, str) else item)
