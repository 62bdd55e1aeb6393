"""Whether files that are read together agree with each other, with their flags, and with a model."""
from envs.recorded.decoding import without_episodes
from utils.errors import UserError


def of_outcome(file, args):
    """The file without failures among the successes, and without successes in `--libero_failures`.

    Raises:
        UserError: there are such, without --libero_skip_bad; with --libero_mixed `--libero_path` holds both.
    """
    wanted = file.flag != 'libero_failures'
    if wanted and (args.libero_mixed or file.mixed):
        return file
    expected = 'successes (above 0)' if wanted else 'failures (0 or less)'
    others = {recording.name: f'the return is {recording.total_reward:g}; expected {expected}'
              for recording in file.episodes if recording.success != wanted and not recording.scored}
    if others and not args.libero_skip_bad:
        name, why = next(iter(others.items()))
        hint = '--libero_mixed=True reads both from --libero_path, ' if wanted else ''
        raise UserError(f'--{file.flag}: {file.path} {name}: {why} ({hint}--libero_skip_bad=True leaves it '
                        'out)')
    return without_episodes(file, others)


def check_alike(files):
    """Raises a UserError if an observation has different sizes or encodings in different files.

    Frames could be resized, but their sharpness would still identify the file, and so distinguish failures
    from successes.
    """
    first = {}
    for file in files:
        for key, shape in _sizes(file).items():
            other, expected = first.setdefault(key, (file.path, shape))
            if shape != expected:
                raise UserError(f'{key} has several sizes: {expected} in {other}, {shape} in {file.path}; '
                                'expected one for all files')


def stored_sizes(files):
    """{key of an observation: text} of files that are alike: sizes, and encodings of frames."""
    return next((_sizes(file) for file in files if file.episodes), {})


def _sizes(file):
    sizes = {camera: f'{stored.size[0]} x {stored.size[1]} pixels {stored.encoding}'.strip()
             for camera, stored in file.cameras.items()}
    return sizes | {key: f'{values.shape[1]} numbers' for key, values in file.episodes[0].vectors.items()}


def conventions_of(files):
    """[text]: how files store their episodes, each convention once."""
    return list(dict.fromkeys(file.conventions for file in files if file.episodes))


def check_known(source, known):
    """Raises a UserError if a source has a task that is not among the `known` ones of a model."""
    unknown = [task for task in source.tasks if task not in known]
    if unknown:
        raise UserError(f'--data_path: the model was not trained with the task {unknown[0]!r}; expected some '
                        f'of {", ".join(known)}')
