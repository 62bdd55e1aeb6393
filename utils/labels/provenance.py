"""Where labels come from, as JSON values that are stored with them."""
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from utils.checkpoints.manifests import MANIFEST
from utils.labels.episode import TRAIN
from utils.whole_files import fingerprint

PROGRESS = 'progress of a step: the sum of the rewards before it, from 0 to the predicted return'
_ROOT = Path(__file__).parents[2]


def provenance(directory, found, source, conventions):
    """{name: JSON value} about labels.

    Args:
        directory: of the run.
        found: the checkpoint that predicted, a `Found`.
        source: fingerprint of the labelled episodes, JSON values.
        conventions: [text], how the episodes are stored.
    """
    return {'run': directory.resolve().name, 'checkpoint': found.path.name,
            'checkpoint_manifest_sha256': fingerprint(found.path / MANIFEST)['sha256'], 'commit': commit(),
            'source': source, 'conventions': list(conventions), 'progress': PROGRESS,
            'date': datetime.now(timezone.utc).isoformat(timespec='seconds')}


def in_sample(labels):
    """{name: number}: how many episodes are labelled, and how many of them the model has learned from."""
    return {'episodes': len(labels), 'training_episodes': sum(each.split == TRAIN for each in labels)}


def commit():
    """The commit of this project; None where it is no checkout of git."""
    try:
        done = subprocess.run(['git', '-C', str(_ROOT), 'rev-parse', '--show-toplevel', 'HEAD'],
                              capture_output=True, text=True, check=False)
    except OSError:         # git is not installed
        return None
    lines = done.stdout.split()
    is_ours = done.returncode == 0 and len(lines) == 2 and Path(lines[0]).resolve() == _ROOT.resolve()
    return lines[1] if is_ours else None
