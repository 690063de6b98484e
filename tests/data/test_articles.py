"""THUCNews as it is published: a folder a class, a file an article."""

from attnpool.data import read
from attnpool.data.table import Source

NAME = "thucnews-articles"


def test_a_folder_of_folders(write):
    write("T/体育/2.txt", "标题\n\u3000\u3000第一段\r\n第二段\n")
    write("T/体育/10.txt", "\ufeff标题\r\n文\r\n")
    write("T/财经/1.txt", "标题\n涨了", "gb18030")
    write("T/财经/readme.md", "no article")
    write("T/.cache/1.txt", "no\narticle")
    write("T/__MACOSX/1.txt", "no\narticle")
    write("T/财经/._1.txt", b"\0\xff")
    rows = read("T", dataset=NAME)
    assert rows.texts == (["文", "\u3000\u3000第一段\n第二段", "涨了"],)
    assert rows.labels == ["体育", "体育", "财经"]
    assert read("T/", dataset=NAME).texts == rows.texts


def test_the_folder_above(write):
    write("up/THUCNews/体育/1.txt", "t\na")
    assert read("up", dataset=NAME).labels == ["体育"]


def test_one_article(write, monkeypatch):
    write("T/体育/1.txt", "t\na\nb")
    rows = read("T/体育/1.txt", dataset=NAME)
    assert (rows.texts, rows.labels) == ((["a\nb"],), ["体育"])
    monkeypatch.chdir("T/体育")
    assert read("1.txt", dataset=NAME).labels == ["体育"]


def test_an_article_without_text_is_named_by_its_file(write, fails):
    write("T/体育/1.txt", "title and nothing else\n")
    write("T/体育/2.txt", "t\na")
    assert fails("T", dataset=NAME) == (
        "T/体育/1.txt: no text; fix the file, or use --skip-bad-rows"
    )
    rows = read("T", dataset=NAME, skip_bad_rows=True)
    assert (rows.texts, rows.skipped) == ((["a"],), 1)
    assert read("T", dataset=NAME, labelled=False).texts == (["", "a"],)


def test_an_article_that_cannot_be_decoded(write, fails):
    write("T/体育/1.txt", "房间很好\n".encode() + b"\xff")
    assert fails("T", dataset=NAME).startswith("T/体育/1.txt: byte 13 is not UTF-8")
    assert fails("T", dataset=NAME, encoding="utf-9").startswith("no encoding is called 'utf-9'")
    assert read("T", dataset=NAME, encoding="latin-1").texts == (["ÿ"],)


def test_a_short_article_is_in_the_encoding_of_those_before_it(write):
    long = "这家酒店的早餐非常丰富，服务员也很热情周到。"
    write("T/体育/1.txt", f"题\n{long}", "gb18030")
    write("T/体育/2.txt", "题\n篮", "gb18030")
    rows = read("T", dataset=NAME)
    assert rows.texts == ([long, "篮"],)
    assert not rows.source.assumed
    (write("T/体育/1.txt", "t\nplain"), write("T/体育/2.txt", "t\ncafé", "cp1252"))
    rows = read("T", dataset=NAME)
    assert (rows.texts, rows.source) == ((["plain", "café"],), Source("cp1252", assumed=True))


def test_a_folder_without_articles(write, fails):
    write("T/1.txt", "t\na")
    assert fails("T", dataset=NAME) == (
        "T: no CLASS/*.txt in this folder; give THUCNews, which holds a folder for each class"
    )
