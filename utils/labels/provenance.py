"""Where labels come from, as JSON values that are stored with them."""
from datetime import datetime, timezone

from utils.checkpoints.released import manifest_checksum
from utils.commit import commit
from utils.labels.episode import TRAIN, UNKNOWN

PROGRESS = 'progress of a step: the sum of the rewards before it, from 0 to the predicted return'


def provenance(runs, source, conventions):
    """{name: JSON value} about labels; of several runs whose rewards are averaged, lists of values.

    Args:
        runs: [(directory of a run, the checkpoint that predicted, a `Found`)].
        source: fingerprint of the labelled episodes, JSON values.
        conventions: [text], how the episodes are stored.
    """
    names = [directory.resolve().name for directory, _ in runs]
    checkpoints = [found.path.name for _, found in runs]
    sums = [manifest_checksum(found) for _, found in runs]
    if len(runs) == 1:
        (names,), (checkpoints,), (sums,) = names, checkpoints, sums
    return {'run': names, 'checkpoint': checkpoints, 'checkpoint_manifest_sha256': sums, 'commit': commit(),
            'source': source, 'conventions': list(conventions), 'progress': PROGRESS,
            'date': datetime.now(timezone.utc).isoformat(timespec='seconds')}


def in_sample(labels):
    """{name: number}: how many episodes are labelled, and how many of them the model has learned from.

    The second is None if the run did not record its episodes.
    """
    splits = [each.split for each in labels]
    return {'episodes': len(labels), 'training_episodes': None if UNKNOWN in splits else splits.count(TRAIN)}
