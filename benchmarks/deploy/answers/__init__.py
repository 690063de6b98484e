"""How each kind of model is loaded and asked.

A module here imports its library alone, since it runs in an environment that has nothing else. Its
`load` gives functions of texts by name. As a script, `python MODULE.py MODEL TEXT`, it is the
shortest that answers one text.
"""
