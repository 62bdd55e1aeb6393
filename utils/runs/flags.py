"""The flags of a run: from a command line, or from the record of the run that it resumes."""
from utils.errors import UserError
from utils.flags.checks import check_combination, check_numbers
from utils.flags.command_line import read
from utils.flags.env_names import check_recorded
from utils.flags.flag import Args, applicable, resolve
from utils.flags.role import Role
from utils.flags.table import (
    DESCRIPTION,
    EXAMPLES,
    FLAGS,
    SELECTORS,
    env_category,
    every_flag,
    tags_of,
)
from utils.runs.directory import expanded, run_directory
from utils.runs.record import read_args


def may_change():
    """Names of the flags that a resumed run may change, in the order of the table."""
    return [flag.name for flag in every_flag() if flag.role.may_change]


def parse_args(argv=None):
    """The flags of a command line with the defaults of its run; each alone is in range.

    Args:
        argv: words of the command line; None for those of this process.

    Returns:
        Args: the flags that apply to this run, and `env_category`.

    Raises:
        UserError: a flag is unknown, does not apply to this kind of run, or is out of range.
    """
    return _with_defaults(_read(argv))


def get_args(argv=None):
    """The flags of a run that can be started or resumed; arguments and errors as in `parse_args`."""
    given = _read(argv)
    return _checked(_resumed(given) if given.get('resume') else _with_defaults(given))


def args_of(given):
    """The checked flags of a new run from {name: value}; values of inapplicable flags are left out.

    Raises:
        UserError: flags cannot be combined.
    """
    return _checked(_with_defaults(applicable(FLAGS, SELECTORS, given, tags_of)))


def recorded_args(directory):
    """The flags in the record of the run in `directory`.

    Raises:
        UserError: there is no record, or it has an unknown flag.
    """
    names = {flag.name for flag in every_flag()}
    recorded = read_args(directory)['flags']
    unknown = [name for name in recorded if name not in names | {'env_category'}]
    if unknown:
        raise UserError(f'{directory}/args.json has the flag {unknown[0]}, which this version does not have')
    try:
        return parse_args([f'--{name}={value}' for name, value in recorded.items() if name != 'env_category'])
    except UserError as error:
        raise UserError(f'{directory}/args.json: {error}') from error


def _resumed(given):
    """The recorded flags, updated by the given values of flags that may change."""
    directory = expanded('run_dir', given['run_dir']) if given.get('run_dir') else run_directory(
        _with_defaults(given))
    try:
        recorded = recorded_args(directory)
    except UserError as error:
        raise UserError(f'--resume=True: {error}') from error
    fixed = {flag.name for flag in every_flag() if not flag.role.may_change and flag.role != Role.COMMAND}
    for name, value in given.items():
        if name in fixed & recorded.keys() and value != recorded[name]:
            raise UserError(f'--{name}={value}: the run in {directory} has --{name}={recorded[name]}; '
                            f'only {", ".join(flag for flag in may_change() if flag in recorded)} may change')
    values = {name: value for name, value in recorded.items() if name != 'env_category'}
    return _with_defaults({**values, **given, 'run_dir': str(directory)})


def _checked(args):
    check_combination(args)
    check_numbers(args)
    return args


def _read(argv):
    return read(FLAGS, argv, usage='python train.py [--flag=value ...]', description=DESCRIPTION,
                epilog=EXAMPLES)


def _with_defaults(given):
    recorded = [flag.name for flag in every_flag() if flag.name in given and flag.only == 'recorded']
    if recorded and 'env' in given:
        check_recorded(given['env'], recorded[0])
    args = resolve(FLAGS, SELECTORS, given, tags_of)
    return Args({**args, 'env_category': env_category(args.env)})
