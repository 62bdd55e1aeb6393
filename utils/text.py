"""Text that comes from a file, made safe to show."""


def printable(text):
    """`text` without control characters: a space in place of white space, nothing in place of the others.

    Escape codes of a terminal, characters that change the direction of writing, and bytes of a name that are
    not UTF-8 are among the others.
    """
    return ''.join(character if character.isprintable() else ' ' * character.isspace() for character in text)


def one_line(text):
    """`printable(text)` with single spaces."""
    return ' '.join(printable(text).split())
