"""The manifest of a checkpoint: size and checksum of each of its files."""
import json

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
        OSError: it cannot be read.
        ValueError: it is not a manifest.
    """
    manifest = json.loads((path / MANIFEST).read_text(encoding='utf-8'))
    try:
        if manifest['format'] != FORMAT:
            raise ValueError(f'written by another version: format {manifest["format"]}, expected {FORMAT}')
        records = [*manifest['files'].values(), *manifest['shared'].values()]
        if all(record.keys() == {'bytes', 'sha256'} for record in records):
            return manifest
    except (KeyError, TypeError, AttributeError):
        pass        # valid JSON, but not a manifest
    raise ValueError('not a manifest')


def shared_names(path):
    """Names of the shared files of the checkpoint at `path`; empty where its manifest is damaged."""
    try:
        return read_manifest(path)['shared']
    except (FileNotFoundError, ValueError):
        return {}
