"""`make trust`: how far each method's values can be trusted, on real data, to docs/trust.md.

What was measured of one set with one seed is kept in build/trust, so that a run that is cut short
goes on where it stopped.
"""
