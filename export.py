"""Writes the reward function that a run has learned, for use without this project or TensorFlow."""
import importlib.util
import logging
import os
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

import utils.installed  # noqa: F401 (checks the packages before anything imports them)
from loading import load_learned
from utils.checkpoints.released import manifest_checksum
from utils.commit import commit
from utils.errors import UserError, file_errors, run
from utils.flags.command_line import read
from utils.flags.flag import Flag, resolve
from utils.logs.console import native_messages, plain_logger
from utils.runs.directory import expanded
from utils.stop_signals import StopSignals
from utils.whole_files import write_whole

_USAGE = 'python export.py RUN_DIR --out=FILE.onnx [--format=onnx|savedmodel]'
MODULES = ('tf2onnx', 'onnx', 'onnxruntime')       # that the format onnx needs
TABLE = {
    'What to write': (
        Flag('out', str, '', 'new file that ends in .onnx, or new folder of a SavedModel'),
        Flag('format', str, 'auto', 'savedmodel is for TensorFlow; auto: onnx if --out ends in .onnx',
             choices=('auto', 'onnx', 'savedmodel')),
    ),
}


def main(argv=None):
    """Writes one reward function; `argv` is the command line, None for that of this process.

    Raises:
        UserError: the run, its checkpoint or a flag cannot be used, or the numbers do not agree.
    """
    directory, out, kind = parse_words(sys.argv[1:] if argv is None else argv)
    logger = plain_logger()
    logging.getLogger('tensorflow').setLevel(logging.ERROR)     # its advice is for whoever writes graphs
    with open(os.devnull, 'wb') as nowhere, native_messages(nowhere):   # TensorFlow's messages
        learned = load_learned(directory)
        agreement = (_write_onnx if kind == 'onnx' else _write_saved_model)(out, learned)
    _report(logger, out, learned, agreement)


def parse_words(words):
    """(directory of the run, path to write, 'onnx' or 'savedmodel') of a command line.

    Raises:
        UserError: a word is missing or invalid, the path cannot be written, or a package is missing.
    """
    given = read(TABLE, [word for word in words if word.startswith('-')], description=__doc__, usage=_USAGE)
    paths = [word for word in words if not word.startswith('-')]
    flags = resolve(TABLE, (), given, None)
    if len(paths) != 1:
        raise UserError(f'expected the directory of one run, got {len(paths)} paths: {_USAGE}')
    if not flags.out:
        raise UserError(f'--out: expected a path to write: {_USAGE}')
    out = expanded('out', flags.out)
    kind = 'onnx' if out.suffix == '.onnx' else 'savedmodel'
    if flags.format != kind and (flags.format, kind) != ('auto', 'onnx'):
        raise UserError(f'--out={flags.out} --format={flags.format}: expected a file that ends in .onnx, or '
                        'a folder with another ending and --format=savedmodel')
    _check_place(out)
    _check_packages(kind)
    return expanded('RUN_DIR', paths[0]), out, kind


def _check_place(out):
    if os.path.lexists(out):
        raise UserError(f'--out={out} exists and is not overwritten')
    if not os.path.isdir(out.parent) or not os.access(out.parent, os.W_OK | os.X_OK):
        raise UserError(f'--out={out}: expected a folder that exists and is writable, got {out.parent}')


def _check_packages(kind):
    missing = [name for name in MODULES if importlib.util.find_spec(name) is None] if kind == 'onnx' else []
    if missing:
        raise UserError(f'--format=onnx needs {", ".join(missing)}; run pip install -r '
                        'requirements-formats.txt')


def described(learned):
    """The description of a `Learned` to store: what the reward is, and where it comes from."""
    from exports.layout import description

    path = learned.found.path
    return description(learned.reward.spec, learned.reward.tasks, {
        'env': learned.args.env, 'run': path.parents[1].resolve().name, 'checkpoint': path.name,
        'checkpoint_manifest_sha256': manifest_checksum(learned.found), 'commit': commit(),
        'date': datetime.now(timezone.utc).isoformat(timespec='seconds')})


def _write_onnx(out, learned):
    """Writes the file; the `Agreement` of its numbers with those of the run."""
    from exports.check import check
    from exports.graph import reward_graph
    from exports.onnx_file import onnx_model
    from exports.onnx_reward import OnnxModel

    graph = reward_graph(learned.agent, learned.reward.spec, learned.contexts)
    content = onnx_model(graph, described(learned))
    agreement = check(out, learned.reward, OnnxModel(content, out).run)
    with file_errors(f'--out={out} cannot be written'):
        write_whole(out, lambda file: file.write(content))
    return agreement


def _write_saved_model(out, learned):
    """Writes the folder; the `Agreement` of its numbers with those of the run."""
    from exports.check import check
    from exports.graph import reward_graph
    from exports.saved_model import saved_reward, write_saved_model

    graph = reward_graph(learned.agent, learned.reward.spec, learned.contexts)
    with (file_errors(f'--out={out} cannot be written'),
          tempfile.TemporaryDirectory(prefix='.export-', dir=out.parent) as place):
        partial = Path(place) / out.name        # inside: a temporary folder is closed to other users
        write_saved_model(partial, graph, described(learned))
        agreement = check(out, learned.reward, saved_reward(partial))
        os.rename(partial, out)
    return agreement


def _report(logger, out, learned, agreement):
    logger.info('inputs: %s', ', '.join(described(learned)['inputs']))
    logger.info('%s: reward of %s; largest difference from load_reward %.1e, of rewards up to %.3g, on %s '
                'random steps', out, learned.found.path, agreement.difference, agreement.scale,
                agreement.steps)


def program():
    """Runs `main` as a program."""
    with StopSignals():
        run(main)


if __name__ == '__main__':
    program()
