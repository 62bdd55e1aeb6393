"""Refuses numbers of steps that are too large for the sums of a normaliser."""
import numpy as np

from envs.recorded.decoding import without_episodes
from utils.errors import UserError

LARGEST = 1e14      # the sum of 10^10 squares is finite in float32


def of_magnitude(file, args):
    """The file without episodes whose vectors or actions are too large.

    Args:
        file: a `RecordedFile`.
        args: reads libero_skip_bad.

    Raises:
        UserError: there is such an episode, without --libero_skip_bad; names its column.
    """
    found = {recording.name: text for recording in file.episodes if (text := _excess(recording))}
    if found and not args.libero_skip_bad:
        name, text = next(iter(found.items()))
        raise UserError(f'{file.path} {name}: {text} (--libero_skip_bad=True leaves it out)')
    return without_episodes(file, found)


def _excess(recording):
    """What is too large in an episode; '' if nothing is."""
    for key, values in {**recording.vectors, 'actions': recording.actions}.items():
        too_large = ~(np.abs(values) <= LARGEST)
        if too_large.any():
            step, column = np.argwhere(too_large)[0]
            return (f'{key}: expected numbers up to {LARGEST:.0e} in size, got {values[step, column]:.3g} in '
                    f'column {column} of step {step}')
    return ''
