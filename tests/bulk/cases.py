"""Rows of every kind, as files of every format."""

import gzip
import json

from backports import zstd

from attnpool import TextClassifier

TEXTS = [
    *(
        "房间很干净，服务热情",
        "隔音太差。",
        'she said "no", twice',
        "a, b; c\td",
        "",
        " 好 ",
        "😀好",
    ),
    *("第二行\n还在这里", "=1+1", "-5度", "差" * 60, "ok", "差", "好", "位置很好", "早餐太差了"),
] * 3
ROWS = [(f"{i:03}", text, "" if i % 5 else "备注") for i, text in enumerate(TEXTS)]


def write_model(folder, epochs=2):
    texts = ["房间很干净", "服务热情周到", "隔音太差", "态度恶劣", "位置很好", "早餐太差"] * 4
    model = TextClassifier(dim=8, attention_dim=8, epochs=epochs)
    model.fit(texts, ["好", "好", "差", "差", "好", "差"] * 4)
    model.export(folder / "model.safetensors")


def quoted(cell):
    return '"' + cell.replace('"', '""') + '"'


def delimited(mark=","):
    lines = [["id", "review", "note"], *ROWS]
    return "".join(mark.join(map(quoted, line)) + "\n" for line in lines)


def json_lines():
    """Columns that come late, are empty at first, or change their kind."""
    found = []
    for i, text in enumerate(TEXTS):
        row = {"id": i, "review": text, "none": None, "mark": i if i < 20 else i / 1e7}
        if i > 10:
            row["late"] = [i] if i % 3 else None
        if i > 30:
            row["none"] = 2**70 if i == 40 else i
        found.append(row)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found)


def write(folder, name):
    """A file of rows; its format, encoding and compression are those of its name."""
    path = folder / name
    if ".jsonl" in name:
        content = json_lines().encode()
    elif ".parquet" in name:
        import polars as pl

        kinds = {"n": range(len(ROWS)), "many": [["a"], []] * (len(ROWS) // 2)}
        frame = pl.DataFrame(ROWS, schema=["id", "review", "note"], orient="row")
        frame.with_columns(**{k: pl.Series(v) for k, v in kinds.items()}).write_parquet(path)
        return path
    elif ".txt" in name:
        content = "".join(t.replace("\n", " ").replace("\t", " ") + "\n" for t in TEXTS).encode()
    else:
        encoding = "utf-16" if "16" in name else "gb18030" if "gb" in name else "utf-8-sig"
        content = delimited("\t" if ".tsv" in name else ",").encode(encoding)
    if name.endswith(".gz"):
        content = gzip.compress(content)
    elif name.endswith(".zst"):
        content = zstd.compress(content)
    path.write_bytes(content)
    return path


def split(path, folder, lines=9):
    """The same JSON lines as a folder of parts."""
    folder.mkdir()
    rows = path.read_text("utf-8").splitlines(keepends=True)
    for i in range(0, len(rows), lines):
        (folder / f"part-{i:04}.jsonl").write_text("".join(rows[i : i + lines]), "utf-8")
    (folder / "_SUCCESS").touch()
    return folder
