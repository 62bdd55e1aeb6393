"""report.html: what a run has learned, in one file, for `python -m tester RUN_DIR --report`.

Imports `figures`, `tester` and `utils`.
"""
