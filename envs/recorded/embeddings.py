"""Writes the vectors of tasks that --task_embedding reads, by a sentence encoder that you have."""
import sys
import zipfile

import numpy as np

import utils.installed  # noqa: F401 (checks the packages before anything imports them)
from envs.recorded.opening import open_source
from envs.recorded.sentence_encoder import load_encoder
from envs.recorded.task_names import sentence_of
from utils.errors import UserError, file_errors, run
from utils.flags.command_line import read
from utils.flags.flag import Flag, resolve
from utils.flags.suites import OWN_DATA, SUITES, tasks_of
from utils.logs.console import plain_logger
from utils.runs.directory import expanded
from utils.runs.flags import parse_args
from utils.stop_signals import StopSignals
from utils.whole_files import write_whole

_USAGE = 'python -m envs.recorded.embeddings DIR [DIR ...] --model=FOLDER --out=FILE.npz'
TABLE = {'Task embeddings': (
    Flag('model', str, '', 'folder of a sentence encoder, as sentence-transformers saves it'),
    Flag('out', str, '', 'file to write, ending in .npz'),
    Flag('env', str, OWN_DATA, 'a suite of LIBERO, for its tasks in place of those of DIR',
         choices=(OWN_DATA, *SUITES)),
)}


def program():
    """Runs `main` as a program."""
    with StopSignals():
        run(main)


def main(argv=None, load=load_encoder):
    """Writes one file; `argv` is the command line, None for this process's.

    Args:
        argv: words of the command line.
        load: function of a folder to an encoder, as `load_encoder`.

    Raises:
        UserError: a flag or a path cannot be used, or a data set or the encoder is invalid.
    """
    paths, args = parse_words(sys.argv[1:] if argv is None else argv)
    out = expanded('out', args.out)
    sentences = _sentences(args.env, paths)
    vectors = load(expanded('model', args.model))(list(sentences.values()))
    _check(vectors, len(sentences), args.model)
    with file_errors(f'--out={args.out}: cannot write the file'):
        write_whole(out, lambda file: _write(file, dict(zip(sentences, vectors, strict=True))))
    plain_logger().info('%s tasks, %s numbers each; train with --task_embedding=%s', *vectors.shape, out)


def parse_words(words):
    """([path of a data set], `Args` of the flags) of a command line.

    Raises:
        UserError: a path or a flag is missing or invalid.
    """
    paths = [word for word in words if not word.startswith('-')]
    given = read(TABLE, [word for word in words if word.startswith('-')], description=__doc__, usage=_USAGE)
    args = resolve(TABLE, (), given, None)
    if bool(paths) != (args.env == OWN_DATA):
        raise UserError(f'expected data sets, or --env=SUITE without data sets: {_USAGE}')
    if not args.model:
        raise UserError('--model: expected the folder of a sentence encoder, got nothing')
    if not args.out.endswith('.npz'):
        raise UserError(f'--out={args.out}: expected a name ending in .npz')
    return paths, args


def _sentences(env, paths):
    """{name of a task: its sentence}."""
    if env != OWN_DATA:
        return {task: sentence_of(task) for task in tasks_of(env)}
    sources = [open_source(parse_args([f'--env={env}', f'--data_path={path}'])) for path in paths]
    return {task: task for source in sources for task in source.tasks}


def _check(vectors, count, model):
    is_finite = np.isfinite(vectors).all()
    if vectors.ndim != 2 or len(vectors) != count or not vectors.size or not is_finite:
        raise UserError(f'--model={model}: expected {count} vectors of finite numbers, got an array of shape '
                        f'{list(vectors.shape)}{"" if is_finite else " with NaN or infinity"}')


def _write(file, arrays):
    """An .npz file of {any name: array}; `np.savez` takes no name `file`."""
    with zipfile.ZipFile(file, 'w') as members:
        for name, array in arrays.items():
            with members.open(f'{name}.npy', 'w') as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


if __name__ == '__main__':
    program()
