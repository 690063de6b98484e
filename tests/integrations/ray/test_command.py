"""`attnpool predict --engine ray`: the parts of the local engine, byte for byte."""

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.integrations.ray.cases import COMPACT, PAIRS, TEXTS, pa, pq, workers_of_ray

from attnpool.bulk import Predictor, local
from attnpool.bulk.outputs import PartWriter
from attnpool.bulk.parts import Parts, begun_at
from attnpool.bulk.step import Step
from attnpool.cli import run
from attnpool.data import Limit
from attnpool.data.reader import stream
from attnpool.errors import InputError
from attnpool.integrations.ray.pieces import Piece, WritingActor, read, written
from attnpool.tables import TextForm

pytestmark = pytest.mark.filterwarnings("default")  # Ray warns of its own parts


@pytest.fixture
def small(monkeypatch):
    """Chunks of ten rows."""
    monkeypatch.setattr(local, "LIMIT", Limit(10, 1 << 20))


@pytest.fixture
def predict(models, tmp_path, capsys):
    """Run the command; what it printed."""

    def call(data, out, *options, model=COMPACT):
        words = ["predict", models / model, data, "-o", f"{tmp_path / out}/", *options]
        status = run([str(word) for word in words])
        said = capsys.readouterr()
        return SimpleNamespace(status=status, out=said.out, err=said.err)

    return call


def files(folder):
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name != "_parts.jsonl"
    }


def journal(folder):
    return sorted(filter(None, (folder / "_parts.jsonl").read_text("utf-8").splitlines()))


@pytest.mark.usefixtures("cluster", "small")
def test_a_folder_of_objects_of_several_kinds(predict, tmp_path):
    """What columns hold is known when all rows are: part 0 has what part 5 needs."""
    (tmp_path / "in").mkdir()
    for file in range(3):
        lines = [
            {"id": 100 * file + i, "text": TEXTS[i % len(TEXTS)] or "", "tags": ["a"] * (i % 2)}
            | ({"mark": i if i % 2 else "两"} if file == 2 else {})
            for i in range(10 * file + 5)
        ]
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (tmp_path / "in" / f"part-{file}.jsonl").write_text(text, "utf-8")
    options = ["--explain", "--output-format", "parquet"]
    here = predict(tmp_path / "in", "here", *options)
    there = predict(tmp_path / "in", "there", *options, "--engine", "ray", "--workers", "2")
    assert (there.status, there.err) == (here.status, here.err) == (0, "")
    assert there.out == here.out.replace("here", "there") == f"wrote {tmp_path}/there: 45 rows\n"
    assert files(tmp_path / "there") == files(tmp_path / "here")
    assert journal(tmp_path / "there") == journal(tmp_path / "here")
    assert len(journal(tmp_path / "there")) == 6


@pytest.mark.usefixtures("cluster", "small")
def test_pairs_go_on_behind_what_is_there(predict, tmp_path):
    left, right = zip(*PAIRS * 7, strict=True)
    pq.write_table(
        pa.table({"a": left, "b": right, "n": [1, None] * 17 + [3]}), tmp_path / "p.parquet"
    )
    options = ["--text", "a", "--text", "b"]
    for out in ("here", "there"):
        assert predict(tmp_path / "p.parquet", out, *options, model="pairs").status == 0
    kept = (tmp_path / "there" / "part-00000002.parquet").stat().st_mtime_ns
    for name in ("part-00000001.parquet", "part-00000003.parquet", "_SUCCESS"):
        (tmp_path / "there" / name).unlink()
    done = predict(
        *(tmp_path / "p.parquet", "there", *options, "--engine", "ray", "--resume"), model="pairs"
    )
    assert (done.status, done.err) == (0, "")
    assert files(tmp_path / "there").keys() == files(tmp_path / "here").keys()
    assert (tmp_path / "there" / "part-00000002.parquet").stat().st_mtime_ns == kept
    for file in sorted((tmp_path / "here").glob("*.parquet")):
        assert pq.read_table(tmp_path / "there" / file.name).equals(pq.read_table(file))


def test_a_process_of_its_own_prints_one_line(predict, models, tmp_path):
    """In another encoding, with a bad row, on a cluster that it begins and ends."""
    text = "id,text\n007,房间干净\n8,隔音太差,多\n9,\n"
    (tmp_path / "in.csv").write_bytes(text.encode("gb18030"))
    options = ["--encoding", "gb18030", "--skip-bad-rows", "--bad-rows", str(tmp_path / "bad.csv")]
    here = predict(tmp_path / "in.csv", "here", *options)
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "attnpool", "predict", str(models / COMPACT), "in.csv"),
            *("-o", "there/", *options, "--overwrite", "--engine", "ray", "--workers", "2"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"},
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == here.out.replace(str(tmp_path / "here"), "there")
    assert files(tmp_path / "there") == files(tmp_path / "here")


@pytest.mark.parametrize(
    ("data", "out", "options", "said"),
    [
        ("in.csv", "out.csv", [], "--engine ray writes a folder of parts; name one with a slash"),
        ("in.csv", "-", [], "--engine ray writes a folder of parts; name one with a slash"),
        ("-", "out/", [], "--engine ray reads no stdin; give a file or a folder"),
        ("in.csv", "out/", ["--engine", "dask"], "--engine dask: the engines are local, ray"),
        ("in.csv", "out/", ["--text", "b"], "in.csv: no column 'b'"),
    ],
)
def test_what_it_cannot_do_is_one_line(
    models, tmp_path, monkeypatch, capsys, data, out, options, said
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text("id,text\n1,好\n")
    words = ["predict", str(models / COMPACT), data, "-o", out, "--engine", "ray", *options]
    assert run(words) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def step(predictor, folder):
    """What is done with rows whose answers go to a folder of CSV."""
    writer = PartWriter(folder, folder, ".csv", TextForm(), True, begun_at(folder))
    return Step(predictor, ".csv", None, writer)


def test_what_goes_wrong_in_a_worker_travels_as_a_line(models, tmp_path):
    (tmp_path / "in.csv").write_text("id,text\n1,好\n2,差\n")
    rows = stream(tmp_path / "in.csv", labelled=False, originals=True, text=["text"])
    pieces = [
        Piece(rows.part(0), Limit(1, 100), {1: 0, 5: 1}),
        Piece(([(tmp_path / "gone.csv", "gone.csv")], rows.part(0)[1]), Limit(1, 100), {0: 2}),
    ]
    read_here = pa.concat_tables(read(pa.table({"piece": [pickle.dumps(p) for p in pieces]})))
    predictor = Predictor(models / "nowhere")
    for place, lost in (("out", predictor), ("nowhere", Predictor(models / COMPACT))):
        (tmp_path / "out").mkdir(exist_ok=True)
        found = WritingActor(step(lost, tmp_path / place))(read_here).to_pylist()
        assert "no such" in found[0]["fault"].lower()
        assert found[1]["fault"].endswith("in.csv has changed meanwhile; begin anew")
        assert found[2]["fault"].startswith("gone.csv")
        assert not [*(tmp_path / "out").glob("part-*")]


def test_rows_that_end_their_workers_are_given_up(models, tmp_path):
    (tmp_path / "in.csv").write_text("id,text\n1,好\n2,差\n")
    rows = stream(tmp_path / "in.csv", labelled=False, originals=True, text=["text"])
    [chunk] = rows.chunks(Limit(9, 100))
    lost = step(Predictor(models / "nowhere"), tmp_path)
    said = ["no such"] * 3 + ["3 workers ended before they had answered part-00000000.csv; "]
    for line in said:
        with pytest.raises(InputError, match=line):
            written(lost, 0, chunk)
    folder = Parts(tmp_path / "parts", {}, ".csv", resume=False, overwrite=False).folder
    for _ in range(4):
        assert written(step(Predictor(models / COMPACT), folder), 0, chunk).bytes > 0
    assert not [*folder.glob(".*")]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to find workers in")
@pytest.mark.usefixtures("cluster", "small")
def test_a_worker_that_is_killed_costs_no_row(predict, tmp_path):
    lines = [f"{i},{'早餐太差了不会再来' * 9}" for i in range(160)]
    (tmp_path / "in.csv").write_text("\n".join(["id,text", *lines, ""]))
    options = ["--explain", "--method", "leave_one_out"]
    killed = []

    def kill():
        """One of the two, when the first part is there."""
        while not (tmp_path / "there" / "part-00000000.csv").exists():
            time.sleep(0.01)
        before = workers_of_ray()
        os.kill(min(before), signal.SIGKILL)
        killed.append(min(before))

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    there = predict(tmp_path / "in.csv", "there", *options, "--engine", "ray", "--workers", "2")
    killer.join(1)
    assert killed
    assert (there.status, there.err) == (0, "")
    assert predict(tmp_path / "in.csv", "here", *options).status == 0
    assert files(tmp_path / "there") == files(tmp_path / "here")
    assert not [path for path in (tmp_path / "there").iterdir() if path.name.startswith(".")]
