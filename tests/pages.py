"""Parts of the documents for their tests: pages, their commands, links and sentences."""
import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / 'README.md', ROOT / 'CONTRIBUTING.md', *sorted((ROOT / 'docs').glob('*.md'))]
_FENCE = re.compile(r'^```.*?^```$', re.MULTILINE | re.DOTALL)


def read(path):
    return path.read_text(encoding='utf-8')


def commands(text):
    """Word lists of the `python ...` commands of a page, in code blocks and within sentences."""
    blocks = '\n'.join(_FENCE.findall(text)).replace('\\\n', ' ')
    lines = [line for line in blocks.splitlines() if line.startswith('python ')]
    inline = re.findall(r'`(python [^`]*)`', _FENCE.sub('', text))
    return [shlex.split(line, comments=True)[1:] for line in lines + inline]


def anchors(text):
    """Names that a link into a page can have: GitHub's, made of its headings."""
    headings = re.findall(r'^#+ (.*)$', _FENCE.sub('', text), re.MULTILINE)
    return {re.sub(r'[^\w\- ]', '', heading.lower()).replace(' ', '-') for heading in headings}


def links(text):
    """Targets of the links and pictures of a page that point into the project."""
    targets = re.findall(r'\]\(([^)\s]+)\)', _FENCE.sub('', text))
    return [target for target in targets if not re.match(r'[a-z]+:', target)]


def sentences(text):
    """Word lists of the sentences of a page; tables, headings and lists of names are left out.

    Inline code counts as a word; a sentence that is code by half or more is a list of names.
    """
    text = re.sub(r'!?\[([^\]]*)\]\([^)]*\)', r'\1', _FENCE.sub('\n', text))
    text = re.sub(r'`[^`]*`', '`code`', text)
    text = re.sub(r'^(#|\||>).*$', '', text, flags=re.MULTILINE)
    paragraphs = re.split(r'\n\s*\n|\n(?=\s*(?:[*-]|\d+\.) )', text)
    for paragraph in (' '.join(paragraph.split()) for paragraph in paragraphs):
        for sentence in re.split(r'(?<=[.?!])\**\s+|(?<=[.?!]\))\s+', paragraph):
            words = [word for word in sentence.split() if re.search(r'\w', word)]
            if words and sum('`code`' in word for word in words) * 2 <= len(words):
                yield words
