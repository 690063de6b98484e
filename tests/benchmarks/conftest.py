"""The benchmarks lie in a checkout alone, not in what is published."""

from importlib.util import find_spec

from tests.data.conftest import real_data

__all__ = ["real_data"]

collect_ignore_glob = [] if find_spec("benchmarks") else ["test_*.py"]
