"""The one door for foreign files: each kind has a module that opens, checks and reads it.

Whatever is wrong with a file becomes an `UnreadableError`: one line with the file's name and a cause. Sizes
are checked before memory is taken. Imports `utils.errors` and `utils.text`.
"""
