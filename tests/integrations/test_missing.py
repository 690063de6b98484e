"""Without the library an integration is one line that says what to install."""

import os
import subprocess
import sys
from types import ModuleType

import pytest

import attnpool
from attnpool.cli import run


def imported(without, module):
    """What the last line of the traceback says."""
    code = f"import sys; sys.modules.update(dict.fromkeys({without!r})); import {module}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stderr.strip().splitlines()[-1:]


def test_without_keras():
    status, said = imported(["keras"], "attnpool.integrations.keras")
    assert status
    assert said == [
        "attnpool.errors.MissingLibraryError: attnpool.integrations.keras needs keras, which is "
        'not installed; pip install "attnpool[keras]"'
    ]


def test_without_spacy():
    status, said = imported(["spacy"], "attnpool.integrations.spacy")
    assert status
    assert said == [
        "attnpool.errors.MissingLibraryError: attnpool.integrations.spacy needs spacy, which is "
        'not installed; pip install "attnpool[spacy]"'
    ]


@pytest.mark.parametrize(
    ("without", "package"),
    [("sentence_transformers", "sentence-transformers"), ("torch", "torch")],
)
def test_without_sentence_transformers(without, package):
    pytest.importorskip("sentence_transformers")
    status, said = imported([without], "attnpool.integrations.sentence_transformers")
    assert status
    assert said == [
        f"attnpool.errors.MissingLibraryError: attnpool.integrations.sentence_transformers needs "
        f'{package}, which is not installed; pip install "attnpool[sentence-transformers]"'
    ]


def test_an_older_sentence_transformers_is_one_line():
    pytest.importorskip("sentence_transformers")
    status, said = imported(
        ["sentence_transformers.base.modules"], "attnpool.integrations.sentence_transformers"
    )
    assert status
    assert said[0].startswith(
        "attnpool.errors.MissingLibraryError: attnpool.integrations.sentence_transformers needs "
        "sentence-transformers 6.2 or newer"
    )


@pytest.fixture
def mlflow_without_parts(tmp_path, monkeypatch):
    """As mlflow-tracing, which brings a package of the same name."""
    (tmp_path / "mlflow").mkdir()
    (tmp_path / "mlflow" / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))


@pytest.mark.parametrize("without", ["mlflow", "pandas"])
@pytest.mark.usefixtures("mlflow_without_parts")
def test_without_mlflow(without):
    status, said = imported([without], "attnpool.integrations.mlflow")
    assert status
    assert said == [
        f"attnpool.errors.MissingLibraryError: attnpool.integrations.mlflow needs {without}, "
        'which is not installed; pip install "attnpool[mlflow]"'
    ]


@pytest.mark.usefixtures("mlflow_without_parts")
def test_a_part_of_mlflow_is_one_line():
    status, said = imported([], "attnpool.integrations.mlflow")
    assert status
    assert said == [
        "attnpool.errors.MissingLibraryError: attnpool.integrations.mlflow needs mlflow or "
        "mlflow-skinny 3 or newer (mlflow.pyfunc is missing); pip install 'attnpool[mlflow]'"
    ]


def test_without_ray(tmp_path, monkeypatch, capsys):
    status, said = imported(["ray"], "attnpool.integrations.ray")
    assert status
    assert said == [
        "attnpool.errors.MissingLibraryError: attnpool.integrations.ray needs ray, which is "
        'not installed; pip install "attnpool[ray]"'
    ]
    monkeypatch.setitem(sys.modules, "ray", None)
    words = ["predict", "model", "in.csv", "-o", f"{tmp_path}/out/", "--engine", "ray"]
    assert run(words) == 2
    assert capsys.readouterr().err == (
        'attnpool: --engine ray needs ray, which is not installed; pip install "attnpool[ray]"\n'
    )
    assert not [*tmp_path.iterdir()]


def test_ray_without_its_data(tmp_path, monkeypatch):
    for name in ("ray", "pyarrow"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    status, said = imported([], "attnpool.integrations.ray")
    assert status
    assert said == [
        "attnpool.errors.MissingLibraryError: attnpool.integrations.ray needs ray[data] "
        '(ray.data is missing); pip install "attnpool[ray]"'
    ]


@pytest.mark.parametrize(
    "library", ["keras", "mlflow", "ray", "sentence_transformers", "spacy", "torch"]
)
def test_the_package_of_integrations_imports_none_of_them(library):
    assert imported([library], "attnpool.integrations") == (0, [])


@pytest.mark.parametrize("libraries", [["onnx", "onnxruntime", "onnxscript"], ["torch"]])
def test_the_reader_of_onnx_files_is_imported_without_libraries(libraries):
    assert imported(libraries, "attnpool.integrations.onnx") == (0, [])


@pytest.mark.parametrize("library", ["onnx", "onnxscript"])
def test_export_without_onnx(library, tmp_path, monkeypatch):
    model = attnpool.TextClassifier(epochs=1).fit(["好", "差"] * 4, ["a", "b"] * 4)
    for name in ("onnx", "onnxscript"):
        monkeypatch.setitem(sys.modules, name, None if name == library else ModuleType(name))
    with pytest.raises(attnpool.InputError) as error:
        model.export(tmp_path / "m.onnx")
    assert str(error.value) == (
        f'export to .onnx needs {library}, which is not installed; pip install "attnpool[onnx]"'
    )
    assert not [*tmp_path.iterdir()]


def test_running_without_onnxruntime(tmp_path, monkeypatch):
    from attnpool.integrations.onnx import OnnxModel

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(attnpool.InputError, match="needs onnxruntime, which is not installed"):
        OnnxModel(tmp_path / "m.onnx")
