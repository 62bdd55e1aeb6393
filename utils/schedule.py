"""Numbers that change in the course of a run, as functions of the step."""


def linear(first, last, num_steps):
    """A function that goes from `first` at step 0 to `last` at step `num_steps`, and stays there."""
    def value(step):
        return first + (last - first) * min(step / num_steps, 1.0)

    return value
