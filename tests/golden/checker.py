"""Which recorded file is checked by which module, and the report of the outcome."""
from tests.golden import agents, buffers, command_line, environments, learner, normalizer
from tests.golden.case import Result

KINDS = {
    'agent_*.npz': agents.run,
    'buffer_*.npz': buffers.run,
    'cli_args*.json': command_line.run,
    'env_wrappers*.npz': environments.run,
    'ircr_heap_ties*.npz': buffers.run,
    'learner_trace*.npz': learner.run,
    'normalizer*.npz': normalizer.run,
    'rrd_coef_table*.npz': buffers.run,
}
NO_RECORDING = ('.py', '.md')


def check(path):
    """[`Result`] of one file; None where nothing here can check such a file."""
    for pattern, run in KINDS.items():
        if path.match(pattern):
            try:
                return run(path)
            except Exception as error:      # any error is a failure of this case
                return [Result(path.stem, None, error=f'{type(error).__name__}: {error}')]
    return None


def not_compared(path, results):
    """Names of the recorded values that were not compared, each prefixed by the name of its file."""
    if results is None:
        return [] if path.suffix in NO_RECORDING else [path.name]
    return [f'{path.stem}/{name}' for result in results for name in result.not_compared]


def line(result):
    """The line of the report about a case."""
    return f'{result.name}: {" ".join(_outcome(result).split())}'


def _outcome(result):
    if result.error:
        return f'FAILED, {result.error}'
    if result.unimplemented:
        return 'without an implementation'
    if result.case.compared == 0:
        return 'FAILED, nothing was compared'
    error = f'largest error {result.case.worst:.3g} of the tolerance'
    place = f' at {result.case.worst_at}' if result.case.worst else ''
    return f'{"FAILED" if result.failed else "ok"}, {error}{place}'
