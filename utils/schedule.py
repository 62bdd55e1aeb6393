"""Schedules: numbers that depend on the step."""


def linear(first, last, num_steps):
    """Linear from `first` at step 0 to `last` at step `num_steps`, then constant; a function of the step."""
    def value(step):
        return first + (last - first) * min(step / num_steps, 1.0)

    return value
