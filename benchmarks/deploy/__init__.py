"""What a trained model costs where it is used: `python -m benchmarks.deploy --data DIR`.

Every contender answers in an environment of its own (`.venv-deploy`), which has what it needs to
answer and no more; all take turns, round after round.
"""
