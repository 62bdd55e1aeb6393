"""Connects to a Ray cluster, or reports in one line why there is none."""
import logging
import os
import socket
import tempfile

from utils.errors import UserError
from utils.logs.console import native_messages

_ANSWER_S = 10.0        # Ray itself would try for minutes, and log each attempt
# the preface of HTTP/2, on which Ray's protocol is built, and an empty frame of settings
_GREETING = b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
_HINT = ' (one that asks for a token needs RAY_AUTH_MODE=token and RAY_AUTH_TOKEN in the environment)'


def connected(address, root):
    """The module of Ray, connected to a cluster.

    Args:
        address: of the cluster, `host:port`, or `auto` for the cluster of this machine.
        root: folder of this project, whose modules the machines of the cluster import.

    Raises:
        UserError: Ray is not installed, or no cluster answers.
    """
    os.environ.setdefault('RAY_BACKEND_LOG_LEVEL', 'fatal')     # its C++ part logs each attempt to connect
    os.environ.setdefault('RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO', '0')     # or it warns that this will change
    try:
        import ray
    except ModuleNotFoundError as error:
        raise UserError(f'--ray={address} needs Ray: pip install -r requirements-ray.txt') from error
    try:
        _check_answer(address)
        with tempfile.TemporaryFile() as unread, native_messages(unread):
            ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False,
                     runtime_env={'env_vars': {'PYTHONPATH': f'{root}:${{PYTHONPATH}}'}})
    except (OSError, ValueError, RuntimeError) as error:
        raise UserError(f'--ray={address}: cannot use a Ray cluster there: {error}{_HINT}') from error
    return ray


def _check_answer(address):
    """Raises `OSError` or `ValueError` where nothing listens at `host:port`, or nothing answers."""
    if address == 'auto' or '://' in address and not address.startswith('ray://'):
        return
    host, _, port = address.removeprefix('ray://').rpartition(':')
    with socket.create_connection((host, int(port)), timeout=_ANSWER_S) as connection:
        connection.sendall(_GREETING)       # a server of Ray answers; `ray.init` would wait for ever
        try:
            connection.recv(1)
        except TimeoutError as error:
            raise OSError(f'connected, but no answer within {_ANSWER_S:g} s') from error
