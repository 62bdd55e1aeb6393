"""What was read, as lines for the user."""
from utils.text import printable


def notices_of(tasks, files, env, needs_outcomes=True):
    """Lines that report which episodes were read.

    Args:
        tasks: names of all tasks.
        files: [`RecordedFile`].
        env: the suite.
        needs_outcomes: whether episodes without an outcome have that of the flag that names their file.
    """
    kept = [file for file in files if file.episodes]
    recordings = [recording for file in kept for recording in file.episodes]
    num_steps = sum(recording.length for recording in recordings)
    judged = [recording for file in kept if needs_outcomes or file.has_returns for recording in file.episodes]
    num_failures, num_unknown = sum(not each.success for each in judged), len(recordings) - len(judged)
    outcomes = [f'{num_failures} of them failures'] if judged else []
    outcomes += [f'outcomes of {num_unknown} unknown'] if num_unknown else []
    num_tasks = len({recording.task for recording in recordings})
    how = ' and '.join(dict.fromkeys(file.conventions for file in kept))
    lines = [f'{len(recordings)} episodes of {num_tasks} of the {len(tasks)} tasks of {env}, '
             f'{", ".join(outcomes)}, {num_steps} steps; {how}']
    for file in files:
        lines += [f'left out: {file.path} {name}: {why}' for name, why in file.skipped.items()]
    return [printable(line) for line in lines]
