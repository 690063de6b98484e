"""The one error that means: the input is at fault, and here is what to do about it."""


class InputError(ValueError):
    """Bad input, told in one line: what is wrong, where, and what to do.

    The command line prints the message to stderr and leaves with exit status 2; in Python it
    is an ordinary `ValueError`.
    """
