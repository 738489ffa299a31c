"""Claims of Arrow data of any library: pyarrow, Polars, pandas, DuckDB, and what else speaks the Arrow PyCapsule interface.

Texts are read where their owner has them, batch by batch, and claims are made when they are asked for: memory is bounded for
streams of any length.

>>> import pyarrow as pa
>>> from rejoinder import arrow
>>> news = pa.table({"url": ["u1", "u2"], "body": ["Tehran denied the charge.", "It rained."]})
>>> claims = pa.table(arrow.classify(news, text="body", id="url"))
>>> claims.select(["article", "labels"]).to_pylist()
[{'article': 'u1', 'labels': ['denial']}]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rejoinder import _rejoinder
from rejoinder._model import Model, Unit, _threads

if TYPE_CHECKING:
    from typing_extensions import CapsuleType


class ClaimStream:
    """Claims as an Arrow stream, which can be read once: give it to ``pyarrow.table``, ``polars.DataFrame`` or a query."""

    def __init__(self, reader: _rejoinder._ArrayReader) -> None:
        self._reader = reader

    def __arrow_c_stream__(self, requested_schema: CapsuleType | None = None) -> CapsuleType:
        return self._reader.__arrow_c_stream__(requested_schema)

    def __arrow_c_schema__(self) -> CapsuleType:
        return self._reader.__arrow_c_schema__()


def classify(
    data: Any,
    text: str = "text",
    *,
    id: str | None = None,
    date: str | None = None,
    outlet: str | None = None,
    title: str | None = None,
    model: Model | None = None,
    unit: Unit = "sentence",
    all: bool = False,
    parties: bool = True,
    flat: bool = False,
    threads: int | None = None,
) -> ClaimStream:
    """Find the claims of a table, or of a column of texts.

    Parameters
    ----------
    data : table, record batch, stream, or array
        Anything with ``__arrow_c_stream__`` or ``__arrow_c_array__``. A stream is read as far as the claims are.
    text : str
        The column of the texts: strings or bytes; what is null has no claims, what is no UTF-8 is replaced by U+FFFD.
    id, date, outlet, title : str, optional
        The columns of what the claims say of their article; by default those of these names where the table has them. An article
        without an id has the number of its row, from 0.
    model : Model, optional
        ``Model.default()`` by default.
    unit, all, parties, threads
        As in :meth:`rejoinder.Model.classify`.
    flat : bool
        Whether the columns are those of the command's CSV and Parquet, without structs and lists, instead of the fields of its JSON
        lines.

    Returns
    -------
    ClaimStream
        Of a table: record batches with one row a claim. Of an array: arrays
        with one list of such claims for each text, for functions that must return as many rows as they get.

    """
    native = (model or Model.default())._native
    names = (text, id, date, outlet, title)
    return ClaimStream(_rejoinder.classify_arrow(native, data, names, (unit, all, parties), flat, _threads(threads)))
