"""The live page: a compact model that runs in a browser."""
