"""Models go to the hub and come back: the real client, and a hub on this machine."""

import subprocess
import sys

import huggingface_hub.constants as settings
import numpy as np
import pytest
from huggingface_hub import ModelCard
from tests.encoders.conftest import tiny_encoder

import attnpool
from attnpool.cli import run
from attnpool.errors import InputError
from attnpool.persistence.published import Published, without_places

TEXTS = ["房间很干净", "", "态度差"]
PARTS = {"README.md", "config.json", "metrics.json", "model.safetensors", "tokenizer.json"}
KNOWN = "known_texts.safetensors"


def files(hub, address):
    repository, _, sha = address.removeprefix("hf://").partition("@")
    return hub.commits[repository, sha]


def same(one, other):
    assert np.array_equal(one.predict_proba(TEXTS), other.predict_proba(TEXTS))
    for before, after in zip(one.explain(TEXTS), other.explain(TEXTS), strict=True):
        assert np.array_equal(before.sides[0].values, after.sides[0].values)


def test_a_model_comes_back_as_it_was(hub, reviews):
    address = reviews.push_to_hub("ana/reviews")
    assert set(files(hub, address)) == PARTS | {".gitattributes"}
    same(attnpool.load(address), reviews)
    same(attnpool.load("hf://ana/reviews"), reviews)
    same(attnpool.TextClassifier.load(address), reviews)


def test_a_revision_stays_what_it_was(hub, reviews):
    first = reviews.push_to_hub("ana/reviews", hashes=True)
    assert set(files(hub, first)) == PARTS | {".gitattributes", KNOWN}
    other = attnpool.TextClassifier(epochs=1, heads=2).fit(["好", "差"] * 4, ["a", "b"] * 4)
    second = other.push_to_hub("ana/reviews")
    assert set(files(hub, second)) == PARTS | {".gitattributes"}  # the hashes went
    same(attnpool.load("hf://ana/reviews"), other)
    same(attnpool.load(first), reviews)


def test_a_branch_of_its_own(hub, reviews):
    other = attnpool.TextClassifier(epochs=1).fit(["好", "差"] * 4, ["a", "b"] * 4)
    reviews.push_to_hub("ana/reviews")
    address = other.push_to_hub("ana/reviews", revision="next")
    assert b'attnpool.load("hf://ana/reviews@next")' in files(hub, address)["README.md"]
    same(attnpool.load("hf://ana/reviews@next"), other)
    same(attnpool.load("hf://ana/reviews@main"), reviews)


def test_a_private_repository(hub, reviews):
    reviews.push_to_hub("ana/reviews", private=True)
    assert hub.private["ana/reviews"] is True
    reviews.push_to_hub("ana/reviews", private=True)


def test_a_public_repository_does_not_become_private(hub, reviews):
    first = reviews.push_to_hub("ana/reviews")
    with pytest.raises(InputError, match="'ana/reviews' is there already, and is public; make it"):
        reviews.push_to_hub("ana/reviews", private=True)
    assert f"hf://ana/reviews@{hub.sha('ana/reviews', 'main')}" == first


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_model_of_another_library_is_not_replaced(name, hub, reviews):
    hub.create("ana/bert")
    before = hub.commit("ana/bert", "main", {"README.md": b"mine", name: b"{}"})
    with pytest.raises(InputError) as error:
        reviews.push_to_hub("ana/bert")
    assert str(error.value) == (
        f"'ana/bert' holds {name}, which is of no model of attnpool; give another repository "
        "or revision"
    )
    assert hub.sha("ana/bert", "main") == before


def test_a_repository_with_a_card_alone_is_filled(hub, reviews):
    hub.create("ana/new")
    hub.commit("ana/new", "main", {"README.md": b"mine"})
    same(attnpool.load(reviews.push_to_hub("ana/new")), reviews)


def test_a_matcher(hub):
    pairs = [("你好", "您好"), ("你好", "再见")] * 8
    model = attnpool.TextMatcher(epochs=1).fit(pairs, ["1", "0"] * 8)
    again = attnpool.load(model.push_to_hub("ana/pairs"))
    assert np.array_equal(again.predict_proba(pairs), model.predict_proba(pairs))


def test_the_card_says_what_the_hub_reads(hub, reviews, tmp_path):
    about = {"license": "mit", "language": ["no", "zh"], "datasets": "ana/hotel-reviews"}
    address = reviews.push_to_hub("ana/reviews", card=about)
    (tmp_path / "README.md").write_bytes(files(hub, address)["README.md"])
    card = ModelCard.load(tmp_path / "README.md")
    assert card.data.to_dict() == {
        "library_name": "attnpool",
        "pipeline_tag": "text-classification",
        "license": "mit",
        "language": ["no", "zh"],
        "datasets": ["ana/hotel-reviews"],
        "metrics": ["accuracy", "f1"],
        "tags": ["attnpool", "attention-pooling", "text-classification"],
    }
    assert 'attnpool.load("hf://ana/reviews")' in card.text


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ({"licence": "mit"}, "card: unknown key 'licence'; known are 'license', 'language'"),
        ({"license": "MIT\ntags: [x]"}, "card: license 'MIT\\ntags: [x]' is not the hub's name"),
        ({"license": ["mit", "gpl"]}, "card: license has 2 values; give one"),
        ({"language": "Chinese!"}, "card: language 'Chinese!' is not a code such as 'zh'"),
        ({"datasets": "../etc"}, "card: datasets '../etc' is not the hub's name of a dataset"),
        ({"datasets": 3}, "card: datasets '3' is not"),
        ("mit", "card is str; give a dict such as {'license': 'mit'}"),
        (["mit"], "card is list; give a dict"),
    ],
)
@pytest.mark.usefixtures("unchecked")
def test_a_card_that_the_hub_would_refuse(card, said, hub, reviews):
    with pytest.raises(InputError) as error:
        reviews.push_to_hub("ana/reviews", card=card)
    assert str(error.value).startswith(said)
    assert not hub.asked


@pytest.mark.parametrize(
    "name", ["reviews", "a/b/c", "a/b@main", "a/..", "../a", "a b/c", "", None, 3]
)
@pytest.mark.usefixtures("unchecked")
def test_what_is_no_repository(name, hub, reviews):
    with pytest.raises(InputError, match="is no repository of the hub; give user/repository"):
        reviews.push_to_hub(name)
    assert not hub.asked


def test_without_the_right_to_write(hub, reviews):
    with pytest.raises(InputError) as error:
        reviews.push_to_hub("ana/reviews", token="hf_reads")
    said = "'ana/reviews': not allowed; `hf auth login` with a token that may write"
    assert str(error.value) == said


ADDRESSES = {
    "hf://ana/missing": "no such repository, or a private one; check the name, or `hf auth login`",
    "hf://ana/reviews@v9": "the repository has no such revision",
    "hf://ana/reviews/other.safetensors": "the repository has no other.safetensors",
    "hf://ana/empty": "the repository has no model of attnpool",
    "hf://ana/gated": "access must be granted; ask on its page, then `hf auth login`",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_the_hub_does_not_give(address, hub, reviews, capsys):
    reviews.push_to_hub("ana/reviews")
    hub.create("ana/empty")
    hub.create("ana/gated")
    hub.gated.add("ana/gated")
    with pytest.raises(InputError) as error:
        attnpool.load(address)
    assert str(error.value) == f"'{address}': {ADDRESSES[address]}"
    assert run(["explain", address, "好"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err == f"attnpool: '{address}': {ADDRESSES[address]}\n"


@pytest.mark.parametrize(
    "address",
    [
        "hf://",
        "hf://reviews",
        "hf://a/b/c",
        "hf://a/b@",
        "hf://a/b@c d",
        "hf://a/b/../c.safetensors",
    ],
)
def test_what_is_no_address(address, hub):
    with pytest.raises(InputError, match="is no address of a model; give hf://user/repository"):
        attnpool.load(address)
    assert not hub.asked


def test_what_is_wrong_with_a_model_is_told_of_its_address(hub, capsys):
    hub.create("ana/bert")
    parts = {"config.json": b"{}", "model.safetensors": b"gigabytes"}
    sha = hub.commit("ana/bert", "main", parts)
    said = f"hf://ana/bert@{sha} is not a model folder: it has no config.json of attnpool"
    with pytest.raises(InputError) as error:
        attnpool.load("hf://ana/bert")
    assert str(error.value) == said
    assert not [asked for asked in hub.asked if "safetensors" in asked]
    assert run(["explain", "hf://ana/bert", "好"]) == 2
    assert capsys.readouterr().err == f"attnpool: {said}\n"


def test_nothing_but_the_files_of_a_model_is_downloaded(hub, reviews, tmp_path):
    address = reviews.push_to_hub("ana/reviews")
    strange = {"evil.py": b"raise SystemExit", "data.pkl": b"\x80\x04", "a/config.json": b"{}"}
    hub.commit("ana/reviews", "main", {**files(hub, address), **strange})
    same(attnpool.load("hf://ana/reviews"), reviews)
    names = {path.name for path in tmp_path.glob("cache/*/snapshots/*/*")}
    assert names == PARTS


def test_damage_on_the_way_is_told(hub, reviews):
    parts = files(hub, reviews.push_to_hub("ana/reviews"))
    weights = parts["model.safetensors"]
    hub.commit("ana/reviews", "main", {**parts, "model.safetensors": weights[:-8] + b"12345678"})
    with pytest.raises(InputError, match=r"model\.safetensors is cut short or was changed"):
        attnpool.load("hf://ana/reviews")


def test_without_a_network(hub, reviews, monkeypatch):
    pinned = reviews.push_to_hub("ana/reviews")
    attnpool.load(pinned)
    nowhere = "http://127.0.0.1:9"
    monkeypatch.setattr(settings, "ENDPOINT", nowhere)
    path = "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(settings, "HUGGINGFACE_CO_URL_TEMPLATE", nowhere + path)
    same(attnpool.load(pinned), reviews)
    with pytest.raises(InputError) as error:
        attnpool.load("hf://ana/other")
    assert str(error.value) == (
        "'hf://ana/other': not in the cache, and the hub cannot be reached; check the network, or "
        "name a commit that is there"
    )
    monkeypatch.setattr(settings, "HF_HUB_OFFLINE", True)
    with pytest.raises(InputError, match="not in the cache, and HF_HUB_OFFLINE is set"):
        attnpool.load("hf://ana/other")
    with pytest.raises(InputError, match="'ana/other': the hub failed: "):
        reviews.push_to_hub("ana/other")


def test_a_compact_file_on_the_command_line(hub, reviews, tmp_path, capsys):
    reviews.export(tmp_path / "small.safetensors")
    hub.create("ana/small")
    parts = {"v1/small.safetensors": (tmp_path / "small.safetensors").read_bytes()}
    sha = hub.commit("ana/small", "main", parts)
    small = attnpool.load("hf://ana/small@main/v1/small.safetensors")
    assert isinstance(small, attnpool.CompactModel)
    assert (
        run(["explain", "hf://ana/small/v1/small.safetensors", "房间很干净", "--format", "json"])
        == 0
    )
    out, err = capsys.readouterr()
    assert '"prediction": "好"' in out
    assert f"model: hf://ana/small@{sha}/v1/small.safetensors\n" in err


def test_no_place_of_this_machine_is_told(hub, tmp_path):
    teacher = tiny_encoder(tmp_path / "secret" / "teacher")
    texts, labels = ["a wonderful film", "dull and lifeless"] * 8, ["good", "bad"] * 8
    pool = [f"{text} {i}" for i, text in enumerate(texts)]
    model = attnpool.TextClassifier(epochs=1).fit(texts, labels, unlabelled=pool, teacher=teacher)
    parts = files(hub, model.push_to_hub("ana/reviews"))
    assert b"`teacher`" in parts["README.md"]
    assert not [name for name, data in parts.items() if b"secret" in data]


@pytest.mark.parametrize(
    "path", ["/a/b/x", "~/b/x", "../b/x", "./b/x", "C:\\b\\x", "..\\b\\x", "file:///a/b/x"]
)
def test_of_a_path_the_last_part_is_told(path):
    told = {"teaching": {"teacher": path, "texts": [path, 5, None]}}
    assert without_places(told) == {"teaching": {"teacher": "x", "texts": ["x", 5, None]}}
    assert without_places("intfloat/e5-small") == "intfloat/e5-small"


def test_an_encoder_that_others_lack_is_not_left_out(hub, tmp_path):
    folder = tiny_encoder(tmp_path / "secret-place")
    texts, labels = ["a wonderful film", "dull and lifeless"] * 8, ["good", "bad"] * 8
    model = attnpool.TextClassifier(encoder=folder, epochs=1).fit(texts, labels)
    with pytest.raises(InputError, match="the encoder came from a folder of this machine, which"):
        model.push_to_hub("ana/films", with_encoder=False)
    assert not hub.asked


def test_without_an_address_the_library_is_not_even_imported(reviews, tmp_path):
    reviews.save(tmp_path / "model")
    code = (
        "import attnpool, sys; attnpool.load(sys.argv[1]).predict(['好']); "
        "print('huggingface_hub' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "model"], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "False\n"


def test_an_encoder_of_this_machine_goes_along(hub, tmp_path):
    folder = tiny_encoder(tmp_path / "secret-place")
    texts, labels = ["a wonderful film", "dull and lifeless"] * 8, ["good", "bad"] * 8
    model = attnpool.TextClassifier(encoder=folder, epochs=1).fit(texts, labels)
    address = model.push_to_hub("ana/films")
    assert not [name for name, data in files(hub, address).items() if b"secret-place" in data]
    again = attnpool.load(address)
    assert np.array_equal(again.predict_proba(texts), model.predict_proba(texts))


def test_an_encoder_of_the_hub_is_named():
    published = Published.of("ana/films", {"language": "en"})
    named = published.front_matter({"source": "intfloat/e5-small", "revision": "abc"})
    assert named == 'language: ["en"]\nbase_model: ["intfloat/e5-small"]\n'
    here = published.front_matter({"source": "/home/ana/e5", "revision": None})
    assert here == 'language: ["en"]\n'


def test_a_compact_file_is_read_by_load_alone(reviews, tmp_path):
    reviews.export(tmp_path / "small.safetensors")
    with pytest.raises(InputError, match=r"is a compact file; use attnpool\.load"):
        attnpool.TextClassifier.load(tmp_path / "small.safetensors")


def test_a_label_cannot_break_the_table_of_the_card(hub):
    labels = ["a\rb", "c\u2028d", "e|f", "g`h"] * 2
    model = attnpool.TextClassifier(epochs=1).fit(["好", "差", "快", "慢"] * 2, labels)
    card = files(hub, model.push_to_hub("ana/odd"))["README.md"].decode()
    [row] = [line for line in card.split("\n") if line.startswith("| classes")]
    assert row.endswith("|")
    assert not set("\r\u2028") & set(card)
    assert row.count("|") == 3


@pytest.mark.parametrize("name", ["hashes", "private", "with_encoder"])
@pytest.mark.usefixtures("unchecked")
def test_what_is_neither_true_nor_false(name, hub, reviews):
    with pytest.raises(InputError, match=f"^{name} is str; give True or False$"):
        reviews.push_to_hub("ana/reviews", **{name: "no"})
    assert not hub.asked
