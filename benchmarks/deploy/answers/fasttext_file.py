"""fastText: `characters.ftz`, or `words.ftz` where it reads words."""

import sys
from pathlib import Path

import fasttext


def load(path):
    fasttext.FastText.eprint = lambda *_: None
    model, words = fasttext.load_model(path), Path(path).stem == "words"

    def predict(texts):
        found = model.predict([units(text, words) for text in texts])[0]
        return [labels[0] for labels in found]

    return {"predict": predict}


def units(text, words):
    return " ".join(text.lower().split() if words else "".join(text.split()))


if __name__ == "__main__":
    print(load(sys.argv[1])["predict"](sys.argv[2:])[0])
