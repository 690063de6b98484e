"""Speed and memory beside what else one would use: `python -m benchmarks.speed`.

Every contender starts from strings and reads the same rows in the same run, in turn (A B C A B C
…), so that what the machine does meanwhile meets all alike; ratios are of medians.
"""
