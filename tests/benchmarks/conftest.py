"""The benchmarks lie in a checkout alone, not in what is published."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("benchmarks") else ["test_*.py"]
