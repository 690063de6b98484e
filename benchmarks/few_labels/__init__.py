"""`make few-labels`: accuracy by the number of labelled rows, to docs/few-labels.md.

Every run is kept in docs/few-labels.json as soon as it is done, so that what is cut short goes on
where it stopped.
"""
