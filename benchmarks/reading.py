"""How long reading a file takes, beside another checkout: python -m benchmarks.reading OTHER FILE.

Each repetition is a process of its own, in turn for either checkout; the medians of processor time
are compared, of the first reading in a process and of those after it.
"""

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = """
import sys, time
from attnpool.data import read
taken = []
for _ in range(6):
    start = time.process_time()
    read(sys.argv[1])
    taken.append(time.process_time() - start)
print(taken[0], sorted(taken[1:])[2])
"""


def times(checkout: Path, file: Path) -> tuple[float, ...]:
    """Seconds of the first reading in a process, and the median of five more."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "src"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", CODE, str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return tuple(map(float, done.stdout.split()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, help="another checkout of this repository")
    parser.add_argument("file", type=Path, help="a file that both can read")
    parser.add_argument("--repetitions", type=int, default=15)
    given = parser.parse_args()
    others, owns = [], []
    for repetition in range(given.repetitions):
        turns = [(given.other, others), (ROOT, owns)]
        for checkout, taken in turns[:: 1 if repetition % 2 else -1]:
            taken.append(times(checkout, given.file))
    for place, what in enumerate(("first reading", "later ones")):
        other, own = (statistics.median(one[place] for one in taken) for taken in (others, owns))
        print(f"{what}: {1000 * other:.1f} ms, here {1000 * own:.1f} ms, ratio {own / other:.2f}")


if __name__ == "__main__":
    main()
