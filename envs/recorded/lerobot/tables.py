"""Parquet files of an unknown author, read batch by batch; their columns as checked arrays."""
import numpy as np

from envs.recorded.lerobot.faults import check_present, one_line, parquet_library
from utils.foreign.files import ContentError

_BUFFER = 2 ** 20       # bytes read at a time, so that a row group is never in memory whole


def open_table(path):
    """The open `pyarrow.parquet.ParquetFile`; only its footer is read.

    Raises:
        ContentError: the file is missing or not complete.
        UserError: pyarrow is not installed.
    """
    parquet = parquet_library()
    size = check_present(path)
    try:
        table = parquet.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)
    except _errors() as error:
        raise ContentError(f'{path} cannot be read as parquet and may be half-written: {one_line(error)}'
                           ) from error
    if not 0 <= table.metadata.num_rows <= size:        # a row that counts takes a byte or more
        raise ContentError(f'{path}: expected at most a row a byte, got {table.metadata.num_rows} rows in '
                           f'{size} bytes')
    return table


def batches(table, names, path, rows=4096, groups=None):
    """Yields the columns `names` as `pyarrow.RecordBatch`es of up to `rows` rows, row group by row group.

    Args:
        table: the open file.
        names: of columns.
        path: of the file, for errors.
        rows: the most rows in a batch.
        groups: indices of the row groups to read; None for all.

    Raises:
        ContentError: a column is missing, or the file is damaged.
    """
    present = table.schema_arrow.names
    missing = [name for name in names if name not in present]
    if missing:
        raise ContentError(f'{path}: column {missing[0]} is missing; found {", ".join(present[:12])[:300]}')
    try:
        # without threads: to hand one column of pictures to another thread takes longer than to read it
        for batch in table.iter_batches(batch_size=rows, row_groups=groups, columns=names, use_threads=False):
            yield batch.select(names)
    except _errors() as error:
        raise ContentError(f'{path} cannot be read as parquet: {one_line(error)}') from error


def row_groups(table, path):
    """Yields each row group of an open file as a `pyarrow.Table`; of a file without one an empty table.

    Raises:
        ContentError: the file is damaged.
    """
    try:
        for group in range(table.num_row_groups):
            yield table.read_row_group(group, use_threads=False)
    except _errors() as error:
        raise ContentError(f'{path} cannot be read as parquet: {one_line(error)}') from error
    if not table.num_row_groups:
        yield table.schema_arrow.empty_table()


def check_type(table, name, kind, path):
    """Checks the type of a column.

    Args:
        table: the open file.
        name: of the column.
        kind: 'int', 'bool', 'float', 'picture', or the length of a list of floats.
        path: of the file, for errors.

    Raises:
        ContentError: the column is missing or has another type.
    """
    import pyarrow as pa
    if name not in table.schema_arrow.names:
        raise ContentError(f'{path}: column {name} is missing; found '
                           f'{", ".join(table.schema_arrow.names[:12])[:300]}')
    actual = table.schema_arrow.field(name).type
    if kind == 'picture':
        fits = pa.types.is_struct(actual) and actual.get_field_index('bytes') >= 0 \
            and _is_binary(actual.field('bytes').type)
    elif kind in ('int', 'bool', 'float'):
        tests = {'int': pa.types.is_integer, 'bool': pa.types.is_boolean, 'float': pa.types.is_floating}
        fits = tests[kind](actual)
    else:
        fits = _is_vector(actual, kind)
    if not fits:
        wanted = f'a list of {kind} floats' if isinstance(kind, int) else kind
        raise ContentError(f'{path}: expected column {name} to be {wanted}, as meta/info.json says; got '
                           f'{actual!s:.200}')


def whole_numbers(column, label):
    """[n] int64 of an integer column.

    Raises:
        ContentError: a value is missing.
    """
    if column.null_count:
        raise ContentError(f'{label}: expected numbers, got {column.null_count} missing ones')
    return column.to_numpy(zero_copy_only=False).astype(np.int64)


def vectors(column, width, label, before=0):
    """[n, width] float32 of a column of lists of floats, or of floats if `width` is 1.

    Args:
        column: of a batch.
        width: length of the lists.
        label: of the column, for errors.
        before: number of rows before the first, for errors.

    Raises:
        ContentError: a value is missing, not finite in float32, or a list has another length.
    """
    import pyarrow as pa
    values = column
    if not pa.types.is_floating(column.type):
        lengths = column.value_lengths() if column.type.num_fields and not pa.types.is_fixed_size_list(
            column.type) else None
        if lengths is not None and (lengths.null_count or (lengths.to_numpy() != width).any()):
            raise ContentError(f'{label}: expected lists of {width} numbers in every row')
        values = column.flatten()
    if len(values) != len(column) * width:
        raise ContentError(f'{label}: expected {width} numbers in every row, got missing ones')
    with np.errstate(over='ignore'):        # reported as not finite
        numbers = values.to_numpy(zero_copy_only=False).astype(np.float32).reshape(-1, width)
    bad = np.flatnonzero(~np.isfinite(numbers).all(axis=1))
    if len(bad):
        raise ContentError(f'{label}, row {before + bad[0]}: expected finite numbers within float32, got '
                           f'{numbers[bad[0]].tolist()!s:.120}')
    return numbers


def _is_vector(actual, width):
    import pyarrow as pa
    if pa.types.is_fixed_size_list(actual):
        return actual.list_size == width and pa.types.is_floating(actual.value_type)
    if pa.types.is_list(actual) or pa.types.is_large_list(actual):
        return pa.types.is_floating(actual.value_type)
    return width == 1 and pa.types.is_floating(actual)


def _is_binary(actual):
    import pyarrow as pa
    return pa.types.is_binary(actual) or pa.types.is_large_binary(actual)


def _errors():
    """What pyarrow raises if a file is damaged."""
    import pyarrow as pa
    return (pa.ArrowException, OSError, UnicodeDecodeError)
