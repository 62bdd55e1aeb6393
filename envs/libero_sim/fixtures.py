"""Where the fixtures of a recorded demonstration stand: they are in its model file, not in its states."""
import re
from pathlib import PurePosixPath
from xml.etree import ElementTree

import numpy as np

from utils.errors import UserError
from utils.text import one_line

_NUMBERS = 300          # characters of a position at most
_MAX_BYTES = 2 ** 24


def is_whole(model_file):
    """Whether a text is a whole model; some recordings store it shortened."""
    return isinstance(model_file, str) and '<worldbody' in model_file and '</mujoco>' in model_file


def placements(model_file):
    """{name of a body: ([3] position, [4] quaternion wxyz)} of an XML model.

    Args:
        model_file: text of the attribute `model_file` of a demonstration.

    Raises:
        UserError: it is not a whole model.
    """
    if '<!DOCTYPE' in model_file or '<!ENTITY' in model_file or len(model_file) > _MAX_BYTES:
        raise UserError('model_file: expected a MuJoCo model without declarations of entities')
    try:
        root = ElementTree.fromstring(model_file)
    except ElementTree.ParseError as error:
        raise UserError(f'model_file: expected the XML of a MuJoCo model: {error}') from error
    return {body.get('name', ''): (_numbers(body, 'pos', (0, 0, 0)), _numbers(body, 'quat', (1, 0, 0, 0)))
            for body in root.iter('body')}


def _numbers(body, name, default):
    text = body.get(name)
    if text is None:
        return np.array(default, float)
    values = np.array([float(word) for word in text.split()]) if re.fullmatch(
        r'[-+0-9.eE\s]*', text[:_NUMBERS]) else np.zeros(0)
    if len(values) != len(default) or not np.isfinite(values).all():
        raise UserError(f'model_file: body {body.get("name", "")!r}: expected {len(default)} numbers as '
                        f'{name}, got {one_line(text)[:40]!r}')
    return values


def missing_files(model_file, package):
    """Names of meshes and textures of LIBERO that a model names and the package lacks.

    A path may be of the machine that recorded; what follows `libero/libero/` counts.

    Args:
        model_file: as for `placements`.
        package: path of the installed folder `libero/libero`.
    """
    names = {name for name in re.findall(r'\bfile="([^"]*)"', model_file) if 'libero/assets/' in name}
    found = []
    for name in sorted(names):
        relative = PurePosixPath('assets', name.rpartition('libero/assets/')[2])
        if '..' in relative.parts or not (package / relative).is_file():
            found.append(str(relative))
    return found


def place(env, model_file, package):
    """Moves the fixtures of a scene to where they stood in a recording.

    Args:
        env: LIBERO's `ControlEnv`.
        model_file: as for `placements`.
        package: as for `missing_files`.

    Raises:
        UserError: the model is damaged, is of another scene, or names files that are missing.
    """
    if lacking := missing_files(model_file, package):
        raise UserError(f'model_file names {len(lacking)} files that {package} lacks, the first of which is '
                        f'{lacking[0]}')
    found = placements(model_file)
    for name, fixture in env.env.fixtures_dict.items():
        if fixture.root_body not in found:
            raise UserError(f'model_file: expected the fixture {name}, as in this task; it has another scene')
        body = env.sim.model.body_name2id(fixture.root_body)
        env.sim.model.body_pos[body], env.sim.model.body_quat[body] = found[fixture.root_body]
