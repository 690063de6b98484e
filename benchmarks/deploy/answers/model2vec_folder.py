"""model2vec: the folder of a classifier."""

import sys

from model2vec.inference import StaticModelPipeline


def load(path):
    model = StaticModelPipeline.from_pretrained(path)
    return {"predict": lambda texts: model.predict(texts).tolist()}


if __name__ == "__main__":
    print(load(sys.argv[1])["predict"](sys.argv[2:])[0])
