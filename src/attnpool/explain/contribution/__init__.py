"""Contributions: what each token adds to a logit, exactly."""
