"""The table of rewards that a run on recorded episodes writes at its end."""
from utils.labels.provenance import in_sample, provenance
from utils.labels.signatures import signatures
from utils.labels.table import NAME, write_table
from utils.runs.learned import find_learned


class RunTable:
    """Writes rewards.parquet of a run, and keeps what identifies its episodes elsewhere.

    Args:
        train: list of `Recording` that are learned from.
        held_out: list of `Recording` that are held out.
        fingerprint: JSON values that differ where the episodes do.
        conventions: [text], how the episodes are stored.
        sizes: {key of an observation: text}, sizes and encodings as stored.

    Attributes:
        seen: arrays and JSON values for a checkpoint, which `label.py` reads.
    """

    def __init__(self, train, held_out, fingerprint, conventions, sizes):
        self._fingerprint, self._conventions = fingerprint, conventions
        self.seen = {'train': signatures(train), 'held_out': signatures(held_out), 'sizes': sizes}

    def write(self, directory, labels):
        """Writes the rewards `labels`, a list of `EpisodeLabels`; returns the name of the file.

        Args:
            directory: of the run, whose best or newest checkpoint has predicted them.
            labels: list of `EpisodeLabels`.

        Raises:
            UserError: there is no checkpoint, or the file cannot be written.
        """
        notes = provenance([(directory, find_learned(directory))], self._fingerprint, self._conventions)
        write_table(directory / NAME, labels, notes | in_sample(labels))
        return NAME
