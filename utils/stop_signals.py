"""Handles SIGTERM and SIGINT: the first stops a run where it can be resumed, a second one at once."""
import os
import signal
import sys
import threading
from contextlib import contextmanager

from utils.errors import Interrupted

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class StopSignals:
    """A context in which both signals raise `Interrupted`; within `deferred`, only where `check` is called.

    Within `deferred` the first signal is stored, and the system ends the process at a second one.
    A signal that was ignored before (such as Ctrl-C in a shell's background jobs) stays ignored.
    Outside the main thread signals cannot be caught, and nothing changes.
    """

    def __init__(self):
        self._received, self._deferred, self._previous = None, False, {}

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:
                if signal.getsignal(number) not in (signal.SIG_IGN, None):      # None: not set by Python
                    self._previous[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *error):
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _handle(self, number, frame):
        if not self._deferred:
            raise Interrupted(number)
        self._received = number
        for each in self._previous:
            signal.signal(each, signal.SIG_DFL)
        # not through the logger or print: the signal may have interrupted them
        os.write(2, f'\n{signal.Signals(number).name}: stopping soon, with a checkpoint; '
                    'a second signal stops at once, without one\n'.encode())

    def check(self):
        """Raises `Interrupted` if a signal was received; call it where the run can be saved."""
        if self._received is not None:
            raise Interrupted(self._received)

    @contextmanager
    def deferred(self, save):
        """Defers signals: at the next `check`, `save()` is called and the process exits.

        The exit status is 128 plus the signal's number.
        """
        self._deferred = True
        try:
            yield
        except Interrupted as stop:
            save()
            sys.exit(128 + stop.number)
        finally:
            self._deferred = False
