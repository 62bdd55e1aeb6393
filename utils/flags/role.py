"""What a flag decides, from which follows how resume, sweeps and figures treat it."""
from enum import Enum


class Role(Enum):
    """What two values of a flag make of two runs; every flag has one role.

    `METHOD` is the default: a new flag is compared by resume, swept, and shown in legends.
    """

    METHOD = 'another algorithm, or other settings of it'
    RUN = 'another run of the same algorithm'
    LENGTH = 'the same run, longer or shorter'
    DATA = 'a run on other data, or on the same data in another place; resume compares the data themselves'
    MACHINE = 'the same run, with other files or another use of the machine'
    TAG = 'the same run under another name'
    COMMAND = 'the same run, started or found by another command'

    @property
    def may_change(self):
        """Whether a resumed run may have another value than before."""
        return self in (Role.LENGTH, Role.DATA, Role.MACHINE)

    @property
    def makes_run(self):
        """Whether a sweep takes two values for two runs."""
        return self in (Role.METHOD, Role.RUN, Role.LENGTH, Role.DATA)

    @property
    def can_be_swept(self):
        """Whether sweep.py accepts the flag; it sets the others itself."""
        return self not in (Role.TAG, Role.COMMAND)

    @property
    def makes_algorithm(self):
        """Whether a figure draws two values as two algorithms."""
        return self is Role.METHOD
