"""What MLflow loads answers and explains as the model does, and holds neither pickle nor code."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tokenizers
from tests.encoders.conftest import LABELS, tiny_encoder
from tests.encoders.conftest import TEXTS as ENGLISH
from tests.integrations.mlflow.cases import (
    CASES,
    COMPACT,
    Case,
    classifier,
    compact,
    matcher,
    mlflow,
)

import attnpool
from attnpool.integrations.mlflow import log_model, save_model

EXPLAIN = {"explain": True}


def check(case, answers, **params):
    """The answers are those of the model, to the last digit."""
    assert answers.label.tolist() == case.model.predict(case.items).tolist()
    shares = case.model.predict_proba(case.items)
    assert answers.probability.tolist() == shares.max(1).tolist()
    if params:
        explained = case.model.explain(case.items, method=params.get("method"))
        expected = [json.loads(attnpool.render(one, "json")) for one in explained]
        assert [json.loads(one) for one in answers.explanation] == expected
        assert not any("\n" in one for one in answers.explanation)


def check_model(case, path):
    loaded = mlflow.pyfunc.load_model(str(path))
    check(case, loaded.predict(case.table))
    found = loaded.predict(case.table, params=EXPLAIN)
    assert [*found] == ["label", "probability", "explanation"]
    explained = case.model.explain(case.items)
    assert found.explanation.tolist() == [
        attnpool.render(one, "json").rstrip("\n") for one in explained
    ]
    assert [json.loads(one)["prediction"] for one in found.explanation] == [
        *map(str, found.label.tolist())
    ]
    assert np.allclose(found.probability, loaded.predict(case.table).probability, atol=1e-6)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_folder_answers_as_the_model(case, tmp_path):
    case = case()
    save_model(case.model, tmp_path / "m")
    check_model(case, tmp_path / "m")


@pytest.mark.parametrize("name", COMPACT)
def test_a_compact_file_answers_as_the_model(name, tmp_path):
    case = compact(CASES[name](), tmp_path)
    save_model(case.model, tmp_path / "m")
    check_model(case, tmp_path / "m")


def test_a_model_on_an_encoder_takes_it_along(tmp_path):
    pytest.importorskip("transformers")
    folder = tiny_encoder(tmp_path / "encoder", "bert")
    model = attnpool.TextClassifier(encoder=folder, epochs=1).fit(ENGLISH, LABELS)
    save_model(model, tmp_path / "m")
    (tmp_path / "encoder").rename(tmp_path / "elsewhere")
    check_model(Case(model, ENGLISH), tmp_path / "m")
    assert "attnpool[encoders,mlflow]" in (tmp_path / "m" / "requirements.txt").read_text()


def test_paths_are_read(saved, tmp_path):
    case, _ = saved
    case.model.save(tmp_path / "c.safetensors")
    save_model(tmp_path / "c.safetensors", tmp_path / "compact")
    check_model(case, tmp_path / "compact")
    whole = classifier()
    whole.model.save(tmp_path / "folder")
    save_model(str(tmp_path / "folder"), tmp_path / "whole")
    check_model(whole, tmp_path / "whole")


def test_there_is_neither_pickle_nor_code(saved, monkeypatch, tmp_path):
    case, path = saved
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    save_model(classifier().model, tmp_path / "folder")
    files = [file for root in (path, tmp_path) for file in root.rglob("*") if file.is_file()]
    known = {".json", ".yaml", ".txt", ".md", ".safetensors", ""}  # "" is MLmodel
    assert {file.suffix for file in files} <= known
    assert not [file for file in files if file.read_bytes()[:1] == b"\x80"]  # as pickles begin
    assert "cloudpickle" not in (path / "requirements.txt").read_text()
    check(case, mlflow.pyfunc.load_model(str(path)).predict(case.table))


def test_a_compact_file_needs_no_torch(saved):
    _, path = saved
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['torch', 'sklearn', 'scipy', 'tokenizers']))"
        "\nimport mlflow"
        f"\nloaded = mlflow.pyfunc.load_model({str(path)!r})"
        "\nprint(loaded.predict([{'text': '房间干净'}], params={'explain': True}).label[0])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "好\n"


@pytest.mark.parametrize(
    "data",
    [
        pd.DataFrame({"stars": [1, 2], "text": ["房间干净", "隔音太差"]}, index=["x", "y"]),
        pd.Series(["房间干净", "隔音太差"], name="text"),
        pd.DataFrame({"text": np.array(["房间干净", "隔音太差"], dtype=object)}),
        [{"text": "房间干净"}, {"text": "隔音太差"}],
        {"text": np.array(["房间干净", "隔音太差"])},
    ],
    ids=["table", "series", "objects", "records", "arrays"],
)
def test_texts_come_in_many_forms(saved, data):
    case, path = saved
    found = mlflow.pyfunc.load_model(str(path)).predict(data)
    assert found.label.tolist() == ["好", "差"]
    expected = case.model.predict_proba(["房间干净", "隔音太差"]).max(1)
    assert found.probability.tolist() == expected.tolist()
    if isinstance(data, pd.DataFrame | pd.Series):
        assert found.index.equals(data.index)


def test_one_text_and_none(saved):
    loaded = mlflow.pyfunc.load_model(str(saved[1]))
    assert loaded.predict({"text": "房间干净"}).label.tolist() == ["好"]
    none = loaded.predict(pd.DataFrame({"text": pd.Series([], dtype=object)}), params=EXPLAIN)
    assert len(none) == 0
    assert [*none] == ["label", "probability", "explanation"]


def test_pairs_come_as_arrays_too(tmp_path):
    case = matcher("siamese")
    save_model(case.model, tmp_path / "m")
    loaded = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    left, right = (np.array(side) for side in zip(*case.items[:4], strict=True))
    found = loaded.predict({"right": right, "left": left})
    assert found.label.tolist() == case.model.predict(case.items[:4]).tolist()
    for cells in ({"left": ["a"], "right": "b"}, {"left": "a", "right": ["b", "c"]}):
        with pytest.raises(mlflow.MlflowException, match=r"^row 0 holds list, not a text; give"):
            loaded.predict([cells])


@pytest.mark.parametrize(
    ("data", "row"),
    [
        ({"text": ["好", "差"]}, 0),
        ({"text": ["好"]}, 0),
        ([{"text": ["好", "差"]}], 0),
        (pd.DataFrame({"text": [["好", "差"]], "id": [7]}, index=[42]), 0),
        (pd.DataFrame({"text": ["好", ("差",)]}), 1),
        (pd.DataFrame({"text": ["好", np.array(["差"], dtype=object)]}), 1),
    ],
    ids=["lists", "a list of one", "record", "table", "tuple", "array"],
)
def test_a_list_in_a_cell_is_refused(saved, data, row):
    """One row in is one row out: of a dictionary of lists MLflow makes a row."""
    with pytest.raises(mlflow.MlflowException) as error:
        mlflow.pyfunc.load_model(str(saved[1])).predict(data)
    assert error.value.message.startswith(f"row {row} holds ")
    assert "give one text per row" in error.value.message
    assert "\n" not in error.value.message
    assert error.value.get_http_status_code() == 400


@pytest.mark.parametrize("method", ["attention", "leave_one_out"])
def test_the_method_is_the_callers(saved, method):
    case, path = saved
    params = {**EXPLAIN, "method": method}
    found = mlflow.pyfunc.load_model(str(path)).predict(case.table, params=params)
    check(case, found, **params)
    assert {json.loads(one)["method"] for one in found.explanation} == {method}


@pytest.mark.parametrize(
    ("data", "params", "said"),
    [
        ({"text": ["好", None]}, {}, "texts[1] is float, not a string; fill or drop missing texts"),
        (
            {"text": pd.Series([None, "好"], dtype=object)},
            {},
            "texts[0] is NoneType, not a string; fill or drop missing texts",
        ),
        (
            {"text": np.array(["好", 3], dtype=object)},
            {},
            "texts[1] is int, not a string; give texts as strings",
        ),
        (
            {"text": ["好"]},
            {"method": "attention"},
            "the param method does nothing without explain; leave it out",
        ),
        ({"text": ["好"]}, {**EXPLAIN, "method": "guess\n"}, "unknown method 'guess"),
    ],
    ids=["missing", "None", "number", "method", "unknown"],
)
def test_what_is_refused_is_one_line(saved, data, params, said):
    with pytest.raises(mlflow.MlflowException) as error:
        mlflow.pyfunc.load_model(str(saved[1])).predict(pd.DataFrame(data), params=params)
    assert error.value.message.startswith(said)
    assert "\n" not in error.value.message
    assert error.value.get_http_status_code() == 400


@pytest.mark.parametrize(
    "data", [pd.DataFrame({"review": ["好"]}), pd.DataFrame({"text": [1]}), ["好"]]
)
def test_mlflow_refuses_what_is_not_in_the_signature(saved, data):
    with pytest.raises(mlflow.MlflowException, match="text") as error:
        mlflow.pyfunc.load_model(str(saved[1])).predict(data)
    assert error.value.get_http_status_code() == 400


def test_columns_have_the_names_of_the_user(saved, tmp_path):
    case, _ = saved
    save_model(case.model, tmp_path / "m", columns=["review"])
    loaded = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    check(case, loaded.predict(case.table.rename(columns={"text": "review"})))
    assert [*loaded.input_example] == ["review"]


@pytest.mark.parametrize("columns", ["review", ["a", "b"], [], ["text", "text"]])
def test_columns_that_are_none_are_refused(saved, columns, tmp_path):
    with pytest.raises(attnpool.InputError, match=r"^columns is .* give 1 different, as in"):
        save_model(saved[0].model, tmp_path / "m", columns=columns)
    assert not [*tmp_path.iterdir()]


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ([1], "columns[0] is int, not a string; give names, as in ('text',)"),
        ([None], "columns[0] is NoneType, not a string; give names, as in ('text',)"),
        ([["a"]], "columns[0] is list, not a string; give names, as in ('text',)"),
        (["a", b"b"], "columns[1] is bytes, not a string; give names, as in ('text',)"),
        ([""], "columns[0] is empty; give names, as in ('text',)"),
        (["a", " "], "columns[1] is empty; give names, as in ('text',)"),
        (3, "columns is int; give a list"),
        ({"a"}, "columns is set; give a list"),
        (["a\n", "b"], "columns is 'a\\n', 'b'; give 1 different, as in ('text',)"),
        ([], "columns is empty; give 1 different, as in ('text',)"),
    ],
)
def test_columns_that_are_no_names_are_one_line(saved, columns, said, tmp_path):
    with pytest.raises(attnpool.InputError) as error:
        save_model(saved[0].model, tmp_path / "m", columns=columns)
    assert str(error.value) == said
    assert not [*tmp_path.iterdir()]


@pytest.mark.usefixtures("unchecked")
def test_columns_may_be_those_of_a_table(saved, tmp_path):
    save_model(saved[0].model, tmp_path / "m", columns=pd.DataFrame({"review": [""]}).columns)
    loaded = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    assert loaded.predict([{"review": "房间干净"}]).label.tolist() == ["好"]


def test_two_columns_of_one_name_are_refused(saved):
    table = pd.DataFrame([["房间干净", "隔音太差"]], columns=["text", "text"])
    with pytest.raises(mlflow.MlflowException, match="Failed to enforce schema") as error:
        mlflow.pyfunc.load_model(str(saved[1])).predict(table)
    assert error.value.get_http_status_code() == 400


def kept(folder):
    return {path.name for path in folder.rglob("*")} & {"known_texts.safetensors"}


@pytest.mark.parametrize("by_path", [False, True])
def test_hashes_of_training_texts_travel_when_asked_for(by_path, tmp_path):
    model = classifier().model
    model.save(tmp_path / "trained")
    assert kept(tmp_path / "trained")
    given = str(tmp_path / "trained") if by_path else model
    save_model(given, tmp_path / "m")
    save_model(given, tmp_path / "without", hashes=False)
    save_model(given, tmp_path / "with", hashes=True)
    assert not kept(tmp_path / "m")
    assert not kept(tmp_path / "without")
    assert kept(tmp_path / "with")
    assert model.known_rows(["房间干净"]).trained


class OfAUser(attnpool.TextClassifier):
    """A class of its own."""


def failed():
    """A model whose training was refused."""
    model = attnpool.TextClassifier()
    with pytest.raises(attnpool.InputError):
        model.fit(["房间"], [None])
    return model


UNTRAINED = [attnpool.TextClassifier, attnpool.TextMatcher, OfAUser, failed]


@pytest.mark.parametrize("made", UNTRAINED)
def test_an_untrained_model_is_told_so(made, tmp_path):
    model = made()
    said = rf"^the model, a {type(model).__name__}, is not trained; call its fit first$"
    with pytest.raises(attnpool.InputError, match=said):
        save_model(model, tmp_path / "m")
    with pytest.raises(attnpool.InputError, match=said):
        log_model(model, "m")
    assert not [*tmp_path.iterdir()]


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("model", [None, object(), "nowhere", attnpool.TextClassifier()])
def test_models_that_are_none_are_refused(model, tmp_path):
    with pytest.raises(attnpool.InputError):
        save_model(model, tmp_path / "m")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("case", "kind"), [("classifier", "string"), ("whole numbers", "long"), ("numbers", "double")]
)
def test_the_signature_and_the_example(case, kind, tmp_path):
    save_model(CASES[case]().model, tmp_path / "m")
    loaded = mlflow.pyfunc.load_model(str(tmp_path / "m"))
    answers = loaded.metadata.signature.outputs.to_dict()
    assert [(one["name"], one["type"], one["required"]) for one in answers] == [
        ("label", kind, True),
        ("probability", "double", True),
        ("explanation", "string", False),
    ]
    assert len(loaded.predict(loaded.input_example)) == 1


def test_requirements(saved, tmp_path):
    versions = f"=={attnpool.__version__}"
    mlflow_line = f"mlflow-skinny=={mlflow.__version__}"
    lines = (saved[1] / "requirements.txt").read_text().splitlines()
    assert lines == [mlflow_line, f"attnpool[mlflow]{versions}"]
    save_model(CASES["jieba"]().model, tmp_path / "m")
    lines = (tmp_path / "m" / "requirements.txt").read_text().splitlines()
    assert lines == [mlflow_line, f"attnpool[mlflow,train,words]{versions}"]


def test_a_compact_file_with_a_tokenizer_of_hugging_face_needs_its_library(tmp_path):
    words = {word: i for i, word in enumerate(["[PAD]", "[UNK]", *" ".join(ENGLISH).split()])}
    library = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="[UNK]"))
    library.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    library.save(str(tmp_path / "tokenizer.json"))
    model = attnpool.TextClassifier(tokenizer=str(tmp_path / "tokenizer.json"), epochs=1)
    case = compact(Case(model.fit(ENGLISH, LABELS), ENGLISH), tmp_path)
    save_model(case.model, tmp_path / "m")
    check_model(case, tmp_path / "m")
    assert "tokenizers" in (tmp_path / "m" / "requirements.txt").read_text().splitlines()


def test_a_signature_with_too_few_columns(tmp_path):
    signature = mlflow.models.infer_signature(pd.DataFrame({"left": ["a"]}))
    save_model(matcher("siamese").model, tmp_path / "m", signature=signature)
    with pytest.raises(mlflow.MlflowException, match=r"^the table has 1 column; give 2, one for"):
        mlflow.pyfunc.load_model(str(tmp_path / "m")).predict([{"left": "a"}])


def test_options_go_to_mlflow(saved, tmp_path):
    save_model(
        saved[0].model, tmp_path / "m", metadata={"of": "tests"}, pip_requirements=["./a.whl"]
    )
    assert mlflow.models.Model.load(str(tmp_path / "m")).metadata == {"of": "tests"}
    assert "./a.whl" in (tmp_path / "m" / "requirements.txt").read_text()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of SQLAlchemy, by MLflow
def test_a_model_is_logged_and_registered(saved, tmp_path, monkeypatch):
    pytest.importorskip("sqlalchemy")
    case, _ = saved
    monkeypatch.chdir(tmp_path)
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'runs.db'}")
    with mlflow.start_run() as run:
        info = log_model(case.model, "reviews", registered_model_name="reviews")
        for hashes in (True, False):
            logged = log_model(classifier().model, "whole", hashes=hashes)
            folder = mlflow.artifacts.download_artifacts(
                logged.model_uri, dst_path=str(tmp_path / f"{hashes}")
            )
            assert bool(kept(Path(folder))) == hashes
    check(case, mlflow.pyfunc.load_model(info.model_uri).predict(case.table))
    check(case, mlflow.pyfunc.load_model("models:/reviews/1").predict(case.table))
    assert info.run_id == run.info.run_id
    assert info.signature.params.to_dict()[0]["name"] == "explain"


@pytest.mark.parametrize("version", ["2.22.0", "1.30.1", "3.0.0rc1"])
def test_an_older_mlflow_is_one_line(version):
    code = f"import mlflow; mlflow.__version__ = {version!r}; import attnpool.integrations.mlflow"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if version.startswith("3"):
        assert ran.returncode == 0, ran.stderr
        return
    assert ran.returncode
    assert ran.stderr.splitlines()[-1] == (
        "attnpool.errors.MissingLibraryError: attnpool.integrations.mlflow needs mlflow or "
        f"mlflow-skinny 3 or newer ({version} is here); pip install 'attnpool[mlflow]'"
    )
