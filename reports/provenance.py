"""What a report was made from: flags, versions, host, checkpoint."""
import json

from reports.page import Section
from utils.logs.tables import Table


def provenance_section(record, facts):
    """The `Section` of the record of a run.

    Args:
        record: as `utils.runs.record.read_args` returns it.
        facts: {name: text} about the checkpoint and the report.
    """
    return Section('Provenance', (), (
        Table(['', 'value'], [[name, text] for name, text in facts.items()], (0, 1)),
        *(Table([part, 'value'], [[name, _text(value)] for name, value in record[part].items()], (0, 1))
          for part in ('flags', 'environment', 'versions', 'host'))))


def _text(value):
    return value if isinstance(value, str) else json.dumps(value, default=str)
