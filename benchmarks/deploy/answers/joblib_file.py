"""scikit-learn: a pipeline that joblib wrote."""

import sys

import joblib


def load(path):
    model = joblib.load(path)
    return {"predict": lambda texts: model.predict(texts).tolist()}


if __name__ == "__main__":
    print(load(sys.argv[1])["predict"](sys.argv[2:])[0])
