"""A loaded model in a process of its own: python -m benchmarks.deploy.worker MODULE MODEL TEXTS.

Each line on stdin asks for something, and is answered by a line on stdout: seconds, or answers.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path


def main() -> None:
    module, path, file = sys.argv[1:]
    texts = json.loads(Path(file).read_text("utf-8"))
    # What libraries print is no answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    jobs = importlib.import_module(f"benchmarks.deploy.answers.{module}").load(path)
    for line in sys.stdin:
        asked = json.loads(line)
        run, some = jobs[asked["job"]], texts[asked["start"] : asked["stop"]]
        if asked["kind"] == "answers":
            found = run(some)
        else:
            found = []
            for few in [some] if asked["kind"] == "batch" else [[text] for text in some]:
                began = time.perf_counter()
                run(few)
                found.append(time.perf_counter() - began)
        print(json.dumps(found), file=answers, flush=True)


if __name__ == "__main__":
    main()
