"""Files for the commands to read."""

import csv

TRIPLETS = ("--text", "anchor", "--text", "positive", "--text", "negative")


def write_csv(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path
