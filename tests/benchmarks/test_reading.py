"""The comparison of two checkouts runs, on this one and itself."""

import re
import sys

from benchmarks import reading


def test_two_checkouts_are_compared(tmp_path, monkeypatch, capsys):
    file = tmp_path / "r.csv"
    file.write_text("label,text\n1,很好\n0,太差\n", "utf-8")
    words = ["reading", str(reading.ROOT), str(file), "--repetitions", "1"]
    monkeypatch.setattr(sys, "argv", words)
    reading.main()
    out = capsys.readouterr().out
    assert re.fullmatch(
        r"first reading: [\d.]+ ms, here [\d.]+ ms, ratio [\d.]+\n"
        r"later ones: [\d.]+ ms, here [\d.]+ ms, ratio [\d.]+\n",
        out,
    )
