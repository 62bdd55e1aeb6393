"""A parquet file with other columns: row group by row group, so that its size takes no memory."""
import json

from envs.recorded.lerobot.faults import parquet_library
from envs.recorded.lerobot.json_files import parsed
from envs.recorded.lerobot.tables import open_table, row_groups
from utils.foreign.files import ContentError

_FEATURES = b'huggingface'      # key of the metadata in which the package `datasets` describes the columns


def rewrite_table(path, file, columns, describe, notes=()):
    """Writes a parquet file again, with the same row groups and the same compression.

    Args:
        path: of the file that is read.
        file: open for writing in binary mode.
        columns: function of a row group, a `pyarrow.Table`, to {name: array of its rows}; they take the
            place of the columns of these names, or follow at the end.
        describe: function of {column: feature of `datasets`} to the same of the new columns; called if the
            file describes its columns.
        notes: {key: bytes} for the metadata of the schema.

    Raises:
        ContentError: the file is damaged.
    """
    source, writer = open_table(path), None
    metadata = {**(source.schema_arrow.metadata or {}), **dict(notes)}
    if _FEATURES in metadata:
        metadata[_FEATURES] = _described(metadata[_FEATURES], describe, path)
    try:
        for table in row_groups(source, path):
            for name, values in columns(table).items():
                table = _with_column(table, name, values)
            table = table.replace_schema_metadata(metadata)
            writer = writer or _writer(file, source, table.schema)
            writer.write_table(table, row_group_size=max(len(table), 1))
    finally:
        if writer:
            writer.close()


def _with_column(table, name, values):
    place = table.schema.get_field_index(name)
    return table.append_column(name, values) if place < 0 else table.set_column(place, name, values)


def _described(text, describe, path):
    """The text about the columns, with those that `describe` changes."""
    value = parsed(text, f'{path}: metadata huggingface')
    info = value.get('info') if isinstance(value, dict) else None
    features = info.get('features') if isinstance(info, dict) else None
    if not isinstance(features, dict):
        raise ContentError(f'{path}: metadata huggingface: expected info with features, got {value!r:.60}')
    others = {key: each for key, each in value.items() if key != 'fingerprint'}     # of the old content
    return json.dumps({**others, 'info': {**info, 'features': {**features, **describe(features)}}})


def _writer(file, source, schema):
    """The `ParquetWriter` that compresses each column as the source does."""
    codecs, with_dictionary = {}, []
    if source.num_row_groups:
        group = source.metadata.row_group(0)
        for index in range(group.num_columns):
            column = group.column(index)
            codecs[column.path_in_schema] = column.compression.replace('UNCOMPRESSED', 'NONE')
            if column.has_dictionary_page:
                with_dictionary.append(column.path_in_schema)
    usual = next(iter(codecs.values()), 'SNAPPY')
    codecs = {name: usual for name in schema.names} | codecs
    return parquet_library().ParquetWriter(file, schema, compression=codecs, use_dictionary=with_dictionary)
