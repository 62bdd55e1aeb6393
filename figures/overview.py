"""The figure and the table of all runs in a directory."""
from figures.curves import draw_curves
from figures.runs import RETURN, read_runs
from figures.style import save
from figures.table import as_markdown, make_table, save_table

FIGURE, TABLE, SHARE = 'curves.png', 'table', 0.1
_RECORDED = 'test/loss'     # recorded episodes have no return; every test reports this


def draw_overview(directory, is_recorded, report):
    """Writes `curves.png`, `table.md` and `table.csv` into the directory of the runs.

    Args:
        directory: that holds runs.
        is_recorded: whether the runs learn from recorded episodes, without a policy.
        report: function of a text, called for each run that is skipped.

    Returns:
        The table, as Markdown.

    Raises:
        UserError: runs cannot be compared, or a file cannot be written.
    """
    column = _RECORDED if is_recorded else RETURN
    runs = read_runs([directory], column, report=report)
    table = make_table(runs, SHARE, column=column)
    save_table(table, directory / TABLE, column)        # also for more runs than a figure can distinguish
    save(draw_curves(runs, column), directory / FIGURE)
    return as_markdown(table, column)
