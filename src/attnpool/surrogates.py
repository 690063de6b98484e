"""Lone surrogates: code points that a Python string can hold and no encoding can carry."""


def printable(text: str) -> str:
    """The text with lone surrogates, which no encoding can carry, as U+FFFD; offsets hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-32-le", "surrogatepass").decode("utf-32-le", "replace")
    return text
