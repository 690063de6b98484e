"""A WSGI application for `gunicorn --preload`: one model, loaded before the fork."""

import json
import os
from urllib.parse import parse_qs

import attnpool

model = attnpool.load(os.environ["MODEL"])
# What many do to see that the model works; it leaves torch with threads that no worker has.
model.predict(["a warm-up"] * 2000)


def app(environ, start_response):
    """What the model answers to `?text=…`, why, and which process it was."""
    text = parse_qs(environ["QUERY_STRING"])["text"][0]
    row = model.explain([text])[0]
    answer = {
        "pid": os.getpid(),
        "predict": model.predict([text] * 500).tolist()[-1],
        "values": row.sides[0].values.tolist(),
        "gradients": model.explain([text], method="integrated_gradients")[0].prediction,
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]
