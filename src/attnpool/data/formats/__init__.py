"""File formats: each opens a file as a table of rows."""
