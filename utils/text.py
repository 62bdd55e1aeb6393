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


def printable_lines(text):
    """As `printable`, but line breaks stay, and so do bytes that are not UTF-8: a stream escapes them."""
    return ''.join(character if character == '\n' or '\ud800' <= character <= '\udfff' else
                   printable(character) for character in text)
