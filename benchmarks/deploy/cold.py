"""What commands cost from start to end, in turn: python cold.py < JSON.

A process of its own, and small: where a large process starts another, the kernel counts the memory
of the large one as the other's peak.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def cost(command: list[str]) -> dict[str, float]:
    """Seconds of the processor, seconds by the clock, and the most bytes of memory."""
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert child.stdout is not None
    said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        sys.exit(f"{' '.join(command)}: exit status {child.returncode} {''.join(last)}")
    return {
        "processor": used.ru_utime + used.ru_stime,
        "wall": seconds,
        "memory": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }


def main() -> None:
    asked = json.load(sys.stdin)
    found: dict[str, list[dict[str, float]]] = {name: [] for name in asked["commands"]}
    # The first round brings files into memory and is not counted.
    for number in range(1 + asked["rounds"]):
        for name, command in asked["commands"].items():
            costs = cost(command)
            if number:
                found[name].append(costs)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
