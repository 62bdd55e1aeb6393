"""Tests, mirroring the tree; `tests.golden` is also a program."""
