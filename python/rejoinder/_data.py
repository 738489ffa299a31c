"""Series, lists and data frames of any library → what the library reads."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Texts = str | Iterable[Any]
"""A text, or texts: a list, a Series of pandas or Polars, an array of NumPy or Arrow."""
Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
"""A file or folder, or several."""


def texts_of(values: Texts) -> list[str]:
    """Return every text; what is missing (None, NaN, NA) is empty."""
    return [text or "" for text in column_of(values)]


def column_of(values: Texts) -> list[str | None]:
    """Return every value of a column as text; what is missing is None."""
    if isinstance(values, str):
        return [values]
    if isinstance(values, Mapping) or hasattr(values, "columns"):
        raise TypeError("a column of texts is needed, not a table: give frame['text']")
    return [_text(value) for value in _items(values)]


def _items(values: Iterable[Any]) -> Iterable[Any]:
    for name in ("to_pylist", "to_list", "tolist"):  # Arrow; pandas and Polars; NumPy
        if hasattr(values, name):
            items: Iterable[Any] = getattr(values, name)()
            return items
    return values


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or type(value).__name__ in ("NAType", "NaTType")
    ):
        return None
    if isinstance(value, bytes | list | tuple | dict):
        raise TypeError(f"a text is needed, not {type(value).__name__}: {value!r:.60}")
    return str(value)


def paths_of(paths: Paths) -> list[str]:
    """Return the paths as a list."""
    several = [paths] if isinstance(paths, str | os.PathLike) else paths
    return [os.fspath(path) for path in several]


def source_of(data: Any, columns: tuple[str, str, str | None]) -> bytes | list[str]:
    """Return labelled data as the library reads them: paths as they are, a table as CSV."""
    names = _names(data)
    if names is None:
        return paths_of(data)
    optional = [name for name in ("group", "id", "part") if name in names and name not in columns]
    wanted = [name for name in (*columns, *optional) if name in names]
    rows = zip(*(_labels(data[name]) if name == columns[1] else _fields(data[name]) for name in wanted), strict=True)
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(wanted)
    writer.writerows(rows)
    return table.getvalue().encode()


def _names(data: Any) -> list[str] | None:
    """Return the names of a table's columns, or None for paths."""
    if isinstance(data, Mapping):
        return list(data)
    names = getattr(data, "column_names", None) or getattr(data, "columns", None)  # Arrow; pandas and Polars
    return None if names is None else [str(name) for name in names]


def _fields(values: Iterable[Any]) -> list[str]:
    return [_text(value) or "" for value in _items(values)]


def _labels(values: Iterable[Any]) -> list[str]:
    """Return labels joined by ``|``, whether a row has them joined or as a list."""
    return [
        "|".join(value) if isinstance(value, list | tuple | set) else _text(value) or "" for value in _items(values)
    ]
