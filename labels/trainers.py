"""Tables in the form in which trainers of LeRobot data sets look for them."""
import json

import numpy as np

from envs.recorded.lerobot.frame_index import frame_indices
from utils.errors import UserError, file_errors
from utils.labels.chunks import chunk_statistics
from utils.labels.table import PROVENANCE
from utils.whole_files import write_whole


def write_rabc(path, source, labels, provenance, chunk):
    """Writes the progress that LeRobot's RA-BC reads: the sum of the rewards before each frame.

    The weight that RA-BC gives to a chunk is then a function of the sum of its rewards.

    Args:
        path: of the new file.
        source: path of the data set.
        labels: list of `EpisodeLabels`.
        provenance: {name: JSON value}.
        chunk: number of steps of a chunk of actions.

    Returns:
        [text] for the user.

    Raises:
        UserError: the labels are not of these frames, or the file cannot be written.
    """
    pairs, left_out = _paired(source, labels)
    statistics = chunk_statistics((own.progress for _, own in pairs), chunk)
    columns = _numbered(pairs) | {
        'progress_sparse': np.concatenate([own.progress for _, own in pairs]).astype(np.float32),
        'weight': np.concatenate([statistics.weights(own.progress) for _, own in pairs])}
    notes = {'chunk': chunk, 'kappa': statistics.kappa, 'chunk_mean': statistics.mean,
             'chunk_std': statistics.std}
    _write(path, columns, provenance | notes, pairs)
    return [*left_out, f'kappa for RA-BC: {statistics.kappa:.4g}, the mean plus the standard deviation of '
            f'sums over chunks of {chunk} steps; with its own, 0.01, almost every weight may be 1']


def write_returns(path, source, labels, provenance, chunk):
    """Writes the returns that RLinf reads: the sum of the rewards from each frame on, not discounted.

    Arguments, result and errors as of `write_rabc`.
    """
    pairs, left_out = _paired(source, labels)
    returns = np.concatenate([own.predicted_return - own.progress for _, own in pairs]).astype(np.float32)
    lowest, highest = float(returns.min()), float(returns.max())
    numbered = _numbered(pairs)
    columns = {'episode_index': numbered['episode_index'], 'frame_index': numbered['frame_index'],
               'return': returns, 'reward': np.concatenate([own.rewards for _, own in pairs]),
               'prompt': np.repeat([frames.sentence for frames, _ in pairs],
                                   [frames.length for frames, _ in pairs])}
    _write(path, columns, provenance | {'return': {'min': lowest, 'max': highest}}, pairs)
    return [*left_out, f'{source}/meta/stats.json is not changed; RLinf reads from it '
            f'"return": {{"min": {lowest:.6g}, "max": {highest:.6g}}}']


# {name: (place in the folder of the data set, function that writes it)}
TRAINERS = {'lerobot-rabc': ('sarm_progress.parquet', write_rabc),
            'rlinf-returns': ('meta/returns_{tag}.parquet', write_returns)}


def check_frames(source, labels):
    """Makes sure that labels are of the frames of a data set, whatever the rewards are.

    Args:
        source: path of the data set.
        labels: list of `EpisodeLabels`.

    Raises:
        UserError: they are not.
    """
    _paired(source, labels)


def _paired(source, labels):
    """([(`FrameIndex`, `EpisodeLabels`)] in the order of frames, [warning] about episodes without labels)."""
    named, pairs = {each.name: each for each in labels}, []
    indices = frame_indices(source)
    for frames in indices:
        own = named.get(frames.name)
        if own is None:
            continue
        if len(own.rewards) != frames.length:
            raise UserError(f'{source}: {frames.name}: expected labels of {frames.length} frames, got '
                            f'{len(own.rewards)}')
        pairs.append((frames, own))
    missing = len(indices) - len(pairs)
    return pairs, [f'warning: {missing} of {len(indices)} episodes of {source} were left out and have no '
                   'rows'] if missing else []


def _numbered(pairs):
    """{column: [N] int64} that name each frame."""
    return {'index': np.concatenate([frames.first + np.arange(frames.length) for frames, _ in pairs]),
            'episode_index': np.repeat([frames.episode for frames, _ in pairs],
                                       [frames.length for frames, _ in pairs]),
            'frame_index': np.concatenate([np.arange(frames.length) for frames, _ in pairs])}


def _write(path, columns, notes, pairs):
    import pyarrow as pa
    import pyarrow.parquet as pq

    notes = notes | {'splits': {own.name: own.split for _, own in pairs}}
    table = pa.table(columns).replace_schema_metadata({PROVENANCE: json.dumps(notes)})
    with file_errors(f'cannot write {path}'):
        write_whole(path, lambda file: pq.write_table(table, file, compression='zstd'))
