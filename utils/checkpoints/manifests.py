"""The manifest of a checkpoint: size and checksum of each of its files."""
import json

from utils.foreign.files import DamagedError, MissingError, is_plain_name
from utils.foreign.json_files import read_json
from utils.whole_files import fingerprint

MANIFEST = 'manifest.json'
FORMAT = 1      # increase it when the meaning of a checkpoint changes


def write_manifest(directory, shared):
    """Writes the manifest of a checkpoint; its own files are all files in its directory.

    Args:
        directory: directory of the checkpoint.
        shared: {name: fingerprint} of the shared files that it refers to.

    Returns:
        {name: fingerprint} of its own files.
    """
    own = {file.name: fingerprint(file) for file in sorted(directory.iterdir())}
    manifest = {'format': FORMAT, 'files': own, 'shared': shared}
    (directory / MANIFEST).write_text(json.dumps(manifest, indent=1) + '\n', encoding='utf-8')
    return own


def read_manifest(path):
    """{'files', 'shared'}: {name: fingerprint} each, of the checkpoint at `path`.

    Raises:
        UnreadableError: it cannot be read, or is not a manifest.
    """
    manifest = read_json(path / MANIFEST)
    if not isinstance(manifest, dict) or 'format' not in manifest:
        raise DamagedError(path / MANIFEST, 'not a manifest')
    if manifest['format'] != FORMAT:
        raise DamagedError(path / MANIFEST, f'written by another version: format {manifest["format"]}, '
                                            f'expected {FORMAT}')
    if not all(_are_fingerprints(manifest.get(part)) for part in ('files', 'shared')):
        raise DamagedError(path / MANIFEST, 'not a manifest')
    for name in (*manifest['files'], *manifest['shared']):
        if not is_plain_name(name):
            raise DamagedError(path / MANIFEST, f'it names {name!r}; expected the name of a file')
    return manifest


def _are_fingerprints(records):
    return isinstance(records, dict) and all(
        isinstance(record, dict) and record.keys() == {'bytes', 'sha256'} for record in records.values())


def shared_names(path):
    """Names of the shared files of the checkpoint at `path`; empty where its manifest is damaged."""
    try:
        return read_manifest(path)['shared']
    except (MissingError, DamagedError):
        return {}
