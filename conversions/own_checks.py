"""What must hold before own data are written: one shape of each column, and keys that stay."""
from envs.recorded.column_names import keys_of
from envs.recorded.robomimic.read import plain_task
from utils.errors import UserError


def sizes_of(sets):
    """{camera: (height, width)} of all data sets.

    Args:
        sets: [`ReadSet`].

    Raises:
        UserError: two differ in a camera, a vector or the actions.
    """
    first = {}
    for found in sets:
        shapes = {key: list(found.raw.columns[name].shape) for key, name in _chosen(found).items()}
        for episode in found.raw.episodes:
            each = shapes | {'actions': list(episode.actions.shape[1:])}
            label, expected = first.setdefault('', (f'{found.raw.path} {episode.name}', each))
            if each != expected:
                raise UserError(f'{found.raw.path} {episode.name}: expected {_text(expected)}, as in '
                                f'{label}, got {_text(each)}')
    return {key: found.raw.columns[name].shape[:2] for found in sets[:1]
            for key, name in found.choice.cameras.items()}


def check_keys(found, column, form):
    """Refuses a key that is another one when the new data set is read.

    Args:
        found: `ReadSet`.
        column: function of (key, whether it is a camera) to the name in the new data set.
        form: its format.

    Raises:
        UserError: a key cannot be kept.
    """
    chosen = _chosen(found)
    names = {key: column(key, key in found.choice.cameras) for key in chosen}
    keys = {name: key for key, name in keys_of(list(names.values())).items()}
    for key, name in names.items():
        if keys[name] != key:
            raise UserError(f'--to={form}: {chosen[key]} has the key {key}, which would be read back as '
                            f'{keys[name]}; expected another key, by --columns=KEY={chosen[key]}')


def renamed(tasks):
    """[line about each task that is another one when it is read from HDF5].

    Args:
        tasks: names of the tasks, each once.

    Raises:
        UserError: two would become one.
    """
    found = {}
    for task in tasks:
        other = found.setdefault(plain_task(task) or task, task)
        if other != task:
            raise UserError(f'--to=hdf5: {other!r} and {task!r} would be read back as one task')
    return [f'warning: the task {task!r} is read back as {plain!r}' for plain, task in found.items()
            if plain != task]


def _chosen(found):
    """{key: name of the column} of all cameras and vectors."""
    return {**found.choice.cameras, **{key: name for key, (name,) in found.choice.vectors.items()}}


def _text(shapes):
    return ', '.join(f'{key} {shape}' for key, shape in shapes.items())
