"""What was read, as lines for the user."""
from utils.text import printable


def notices_of(tasks, files, env):
    """Lines that report which episodes were read."""
    kept = [file for file in files if file.episodes]
    recordings = [recording for file in kept for recording in file.episodes]
    num_steps = sum(recording.length for recording in recordings)
    num_failures = sum(not recording.success for recording in recordings)
    num_tasks = len({recording.task for recording in recordings})
    how = ' and '.join(dict.fromkeys(file.conventions for file in kept))
    lines = [f'{len(recordings)} episodes of {num_tasks} of the {len(tasks)} tasks of {env}, '
             f'{num_failures} of them failures, {num_steps} steps; {how}']
    for file in files:
        lines += [f'left out: {file.path} {name}: {why}' for name, why in file.skipped.items()]
    return [printable(line) for line in lines]
