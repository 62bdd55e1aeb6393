"""Short names of tasks, for tables and figures."""


def short_names(tasks):
    """{task: unique short name}: words that all tasks begin or end with become '...'.

    Args:
        tasks: distinct names, words joined by underscores.
    """
    words = [task.split('_') for task in tasks]
    if len(words) < 2:
        return {task: ' '.join(parts) for task, parts in zip(tasks, words, strict=True)}
    shortest = min(map(len, words))
    first = _num_common(words, shortest - 1)
    last = _num_common([parts[::-1] for parts in words], shortest - 1 - first)
    before, after = ('...' if count else '' for count in (first, last))
    return {task: f'{before}{" ".join(parts[first:len(parts) - last])}{after}'
            for task, parts in zip(tasks, words, strict=True)}


def _num_common(words, most):
    """Number of leading words that all lists share, at most `most`."""
    count = 0
    while count < most and len({parts[count] for parts in words}) == 1:
        count += 1
    return count
