"""report.html of a run, on recorded episodes or in an environment."""
import datetime
import os

from reports.online import curve_sections, reward_section
from reports.page import NAME, write_page
from reports.provenance import provenance_section
from reports.recorded import recorded_sections
from tester.true_rewards import correlations
from utils.runs.naming import base_label
from utils.runs.record import read_args


def write_recorded(directory, found, notices, predictions, train):
    """Writes the report of a reward model on recorded episodes; returns its path.

    Args:
        directory: of the run.
        found: the evaluated checkpoint, a `Found`.
        notices: [text] about the episodes.
        predictions: list of `Prediction`, one or more.
        train: list of `Recording` that baselines are fitted to.

    Raises:
        UserError: the record of the run cannot be read, or the page cannot be written.
    """
    return _write(directory, found, notices, recorded_sections(predictions, train))


def write_online(directory, found, episodes):
    """Writes the report of a run that acts in an environment; returns its path.

    Args:
        directory: of the run.
        found: the played checkpoint, a `Found`.
        episodes: [(predicted [T], true [T])] rewards of each played episode; [] without a reward of vectors.

    Raises:
        UserError: a file of the run cannot be read, or the page cannot be written.
    """
    sections = curve_sections(directory)
    if episodes:
        correlated = [correlations(predicted, true) for predicted, true in episodes]
        sections.append(reward_section(episodes, correlated, found.path.name))
    return _write(directory, found, [], sections)


def _write(directory, found, notices, sections):
    record, path = read_args(directory), directory / NAME
    now = datetime.datetime.now(datetime.timezone.utc)
    facts = {'run': os.fspath(directory), 'checkpoint': found.path.name, 'made': f'{now:%Y-%m-%d %H:%M} UTC'}
    flags = record['flags']
    title = f'{base_label(flags)} on {flags["env"]}, seed {flags["seed"]}'
    write_page(path, title, [f'checkpoint {found.path.name}', *notices],
               [*sections, provenance_section(record, facts)])
    return path
