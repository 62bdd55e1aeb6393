"""The table of learned rewards, a row for every stored step, as a parquet file."""
import json
import os

import numpy as np

from utils.errors import file_errors
from utils.labels.chunks import CHUNK, chunk_statistics
from utils.whole_files import write_whole

NAME = 'rewards.parquet'        # in the directory of a run
PROVENANCE = b'reward_provenance'      # key of the schema's metadata; its value is JSON
_BATCH = 2 ** 17                # least rows of a row group


def write_table(path, labels, provenance, chunk=CHUNK):
    """Writes the rewards of episodes as a parquet file, whole or not at all.

    Its columns are task, file, episode, step (number of the stored step), reward, cumulative_reward (that of
    the step included), valid, split, recorded_return (null if unknown) and weight (of the chunk of actions
    from the step). Reward and weight are float32, the sums float64.

    Args:
        path: of the file, which is replaced.
        labels: list of `EpisodeLabels`, in the order of the rows.
        provenance: {name: JSON value}, stored in the metadata of the schema.
        chunk: number of steps of a chunk of actions.

    Returns:
        The `ChunkStatistics` of the weights.

    Raises:
        UserError: the file cannot be written.
    """
    statistics = chunk_statistics((each.progress for each in labels), chunk)
    notes = {**provenance, 'chunk': chunk, 'kappa': statistics.kappa,
             'chunk_mean': statistics.mean, 'chunk_std': statistics.std}
    with file_errors(f'cannot write {path}'):
        write_whole(path, lambda file: _write(file, labels, notes, statistics))
    return statistics


def _write(file, labels, notes, statistics):
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema().with_metadata({PROVENANCE: json.dumps(notes)})
    with pq.ParquetWriter(file, schema, compression='zstd') as writer:
        for part in _batches(labels):
            writer.write_table(pa.Table.from_arrays(_columns(part, statistics), schema=schema))


def _schema():
    import pyarrow as pa

    text = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([('task', text), ('file', text), ('episode', text), ('step', pa.int64()),
                      ('reward', pa.float32()), ('cumulative_reward', pa.float64()), ('valid', pa.bool_()),
                      ('split', text), ('recorded_return', pa.float64()), ('weight', pa.float32())])


def _batches(labels):
    """Yields lists of episodes, each of `_BATCH` steps or a little more."""
    part, count = [], 0
    for each in labels:
        part.append(each)
        count += len(each.rewards)
        if count >= _BATCH:
            yield part
            part, count = [], 0
    if part:
        yield part


def _columns(part, statistics):
    """[array] of the columns of some episodes, in the order of the schema."""
    import pyarrow as pa

    lengths = [len(each.rewards) for each in part]
    returns = [each.recorded_return for each in part]
    known = np.repeat([value is not None for value in returns], lengths)
    numbers = np.repeat(np.array([0.0 if value is None else value for value in returns]), lengths)
    return [_texts([each.task for each in part], lengths),
            _texts([os.fspath(each.path) for each in part], lengths),
            _texts([each.name for each in part], lengths),
            pa.array(np.concatenate([np.arange(length) for length in lengths])),
            pa.array(np.concatenate([each.rewards for each in part])),
            pa.array(np.concatenate([np.cumsum(each.rewards, dtype=np.float64) for each in part])),
            pa.array(np.concatenate([each.valid for each in part])),
            _texts([each.split for each in part], lengths),
            pa.array(numbers, mask=~known),
            pa.array(np.concatenate([statistics.weights(each.progress) for each in part]))]


def _texts(texts, lengths):
    """The dictionary array that repeats each text as often as its episode has steps."""
    import pyarrow as pa

    values, places = np.unique(np.array(texts, dtype=object), return_inverse=True)
    return pa.DictionaryArray.from_arrays(pa.array(np.repeat(places, lengths).astype(np.int32)),
                                          pa.array(list(values), pa.string()))
