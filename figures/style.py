"""The style of every figure: colours that all readers can distinguish, sizes for a column of text."""
import itertools
from pathlib import Path

from utils.errors import UserError, file_errors
from utils.runs.directory import expanded
from utils.whole_files import write_whole

SUFFIXES = ('.png', '.pdf', '.svg')
# Okabe and Ito's; one colour for an algorithm, in every figure
BLUE, ORANGE, GREEN, PURPLE, YELLOW, BLACK = '#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#000000'
GREY = '#7F7F7F'
SKY, WINE = '#56B4E9', '#882255'       # the second is of Tol's
_COLOURS = {'rrd': BLUE, 'rrd-l': ORANGE, 'ircr': GREEN, 'uniform': GREY, 'lrr': SKY, 'diaster': WINE,
            'plain': PURPLE, 'dense': BLACK, 'original': YELLOW}
_MARKERS = {'rrd': 'o', 'rrd-l': 's', 'ircr': '^', 'uniform': 'h', 'lrr': 'X', 'diaster': '*', 'plain': 'D',
            'dense': 'P', 'original': 'v'}
_DASHES, _SHADES = ('-', '--', (0, (3, 1, 1, 1)), (0, (3, 1, 1, 1, 1, 1))), 3
_PALEST, _STEP = 0.65, 0.4        # shares of white: of the last of many labels; most between two labels
_SETTINGS = {
    'font.size': 9, 'axes.titlesize': 10, 'axes.labelsize': 9, 'legend.fontsize': 9, 'xtick.labelsize': 8,
    'ytick.labelsize': 8, 'axes.spines.top': False, 'axes.spines.right': False, 'axes.grid': True,
    'grid.alpha': 0.3, 'grid.linewidth': 0.6, 'lines.linewidth': 1.6, 'lines.markersize': 4,
    'legend.frameon': False, 'legend.handlelength': 3, 'text.parse_math': False,
    'figure.constrained_layout.w_pad': 0.08, 'axes.axisbelow': True,
    'svg.hashsalt': 'rrd',      # the same file every time
}


def in_legend_order(runs):
    """The labels of runs, sorted by kind of algorithm, then by name and number."""
    kinds = {run.label: run.kind for run in runs}
    return sorted(kinds, key=lambda label: (list(_COLOURS).index(kinds[label]), _natural(label)))


def looks(runs):
    """{label: keyword arguments of `Axes.plot`}, in the order of a legend: one colour a kind of algorithm.

    Labels of one kind differ in lightness, evenly, and in their dashes.

    Raises:
        UserError: more labels of one kind than can be distinguished.
    """
    kinds = {run.label: run.kind for run in runs}
    most, found = len(_DASHES) * _SHADES, {}
    for kind, colour in _COLOURS.items():
        of_kind = [label for label in in_legend_order(runs) if kinds[label] == kind]
        if len(of_kind) > most:
            raise UserError(f'{len(of_kind)} lines of one colour cannot be distinguished: '
                            f'{"; ".join(of_kind)}; expected at most {most} at a time')
        dashes = ('--', '-', *_DASHES[2:]) if kind == 'dense' else _DASHES
        step = min(_STEP, _PALEST / max(1, len(of_kind) - 1))
        for number, (dash, label) in enumerate(zip(itertools.cycle(dashes), of_kind, strict=False)):
            found[label] = {'color': _lighter(colour, number * step), 'linestyle': dash,
                            'marker': _MARKERS[kind]}
    return found


def _lighter(colour, share):
    """A colour as '#rrggbb', with this share of white."""
    parts = (int(colour[i:i + 2], 16) for i in (1, 3, 5))
    return '#' + ''.join(f'{round(part + share * (255 - part)):02X}' for part in parts)


def _natural(label):
    """Sorts `K = 8` before `K = 64`."""
    return [(0, float(word), '') if _is_number(word) else (1, 0.0, word) for word in label.split()]


def _is_number(word):
    try:
        float(word)
    except ValueError:
        return False
    return True


def new_figure(width, height):
    """An empty matplotlib `Figure` of this size in inches, without a window."""
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update(_SETTINGS)
    return Figure((width, height), layout='constrained')


def round_ticks(panel, across=5, up=8):
    """Ticks at steps of 1, 2 or 5 times a power of ten; at most `across` and `up` steps on the axes."""
    for axis, most in (('x', across), ('y', up)):
        panel.locator_params(axis=axis, nbins=most, steps=[1, 2, 5, 10])


def figure_path(text):
    """The path that `--out` means.

    Raises:
        UserError: its suffix is not that of a figure, or its folder does not exist.
    """
    path = expanded('out', text)
    if path.suffix not in SUFFIXES:
        raise UserError(f'--out={text}: expected a name that ends in {", ".join(SUFFIXES)}')
    return _in_folder(path, text)


def table_path(text):
    """The path that `--out` of a table means, without .md or .csv.

    Raises:
        UserError: it is not the name of a file, or its folder does not exist.
    """
    path = expanded('out', text)
    path = path.with_suffix('') if path.suffix in ('.md', '.csv') else path
    if not path.name:
        raise UserError(f'--out={text}: expected a name')
    if path.is_dir():
        raise UserError(f'--out={text}: {path} is a directory; expected a name for files')
    return _in_folder(path, text)


def _in_folder(path, text):
    if not path.parent.is_dir():
        raise UserError(f'--out={text}: {path.parent} is not a directory')
    return path


def save(figure, path):
    """Writes a figure atomically, as .png, .pdf or .svg; the same figure gives the same bytes.

    Raises:
        UserError: it cannot be written.
    """
    path = Path(path)
    undated = {'.png': {}, '.pdf': {'CreationDate': None}, '.svg': {'Date': None}}[path.suffix]
    with file_errors(f'cannot write {path}'):
        write_whole(path, lambda file: figure.savefig(file, format=path.suffix[1:], dpi=200,
                                                      metadata=undated))
