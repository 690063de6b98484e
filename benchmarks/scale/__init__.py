"""Rows by the million: memory, processes, Ray, training; and what a billion would take."""
