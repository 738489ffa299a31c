"""Claims of what is too large for one machine, inside Apache Spark.

>>> from rejoinder import spark
>>> claims = spark.classify(news, text="body", id="url")  # doctest: +SKIP
>>> claims.write.parquet("claims")  # doctest: +SKIP
"""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyspark.sql import functions, types

from rejoinder import _rejoinder, arrow
from rejoinder._data import column_of
from rejoinder._model import Model, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark import Broadcast
    from pyspark.sql import DataFrame

    Batches = Iterator[pa.RecordBatch]


def classify(
    df: DataFrame,
    text: str = "text",
    id: str = "id",
    *,
    date: str | None = None,
    outlet: str | None = None,
    title: str | None = None,
    model: Model | None = None,
    unit: Unit = "sentence",
    all: bool = False,
    parties: bool = True,
    flat: bool = False,
    partitions: int | None = None,
) -> DataFrame:
    """Find the claims of a data frame: one row a claim, with the columns of :func:`rejoinder.arrow.classify`.

    The model is broadcast: it goes to each executor once, and each Python worker reads it once. Claims are a function of their row
    alone, so a partition that is computed again after a failure gives the same.

    Parameters
    ----------
    df : DataFrame
        Articles, one a row.
    text, id : str
        The columns of the texts and of what names the articles.
    date, outlet, title : str, optional
        The columns of what else the claims say of their article.
    model : Model, optional
        ``Model.default()`` by default.
    unit, all, parties
        As in :meth:`rejoinder.Model.classify`.
    flat : bool
        As in :func:`rejoinder.arrow.classify`. Structs and lists take Spark several times as long to write.
    partitions : int, optional
        Deal the rows out evenly to so many partitions first, for data whose partitions differ much in size; give a few for each
        core. It costs a shuffle of the texts. By default rows stay where they are.

    """
    columns = {"text": text, "id": id, "date": date, "outlet": outlet, "title": title}
    named = {role: functions.col(column).cast("string").alias(role) for role, column in columns.items() if column}
    rows = df.select(*named.values())
    if partitions is not None:
        rows = rows.repartition(partitions)
    model = model or Model.default()
    file = model.to_bytes()
    broadcast = df.sparkSession.sparkContext.broadcast(file)
    empty = pa.table({"text": pa.array([], pa.string())})
    options: dict[str, Any] = {"unit": unit, "all": all, "parties": parties, "flat": flat, "threads": 1}
    schema = pa.schema(arrow.classify(empty, model=model, **options))
    work = _worker(broadcast, hashlib.sha256(file).hexdigest(), options)
    return rows.mapInArrow(work, _struct(schema))


def deduplicate(
    df: DataFrame,
    text: str = "text",
    id: str = "id",
    date: str = "date",
    *,
    model: Model | None = None,
    partitions: int | None = None,
    mark: bool = False,
) -> DataFrame:
    """Leave out articles that were printed before, such as the agency copy in many papers: training data count them once.

    The articles are laid out by date, a range of days for each partition, and each partition is read in the order of date and id, as the
    command ``rejoinder classify --clusters`` reads a file. A reprint is not known again when its first print fell into another
    partition: give few partitions, each of many days.

    Parameters
    ----------
    df : DataFrame
        Articles, one a row.
    text, id, date : str
        The columns of the texts, of what names the articles, and of their dates. Reprints are at most a week apart.
    model : Model, optional
        Whose vocabulary weighs the words; ``Model.default()`` by default.
    partitions : int, optional
        How many ranges of days; Spark's number of shuffle partitions by default.
    mark : bool
        Keep all rows, with the id of the first print in a column ``reprint_of``.

    """
    ranges = (date,) if partitions is None else (partitions, date)
    rows = df.repartitionByRange(*ranges).sortWithinPartitions(date, id)
    file = (model or Model.default()).to_bytes()
    broadcast, key = df.sparkSession.sparkContext.broadcast(file), hashlib.sha256(file).hexdigest()

    def work(batches: Batches) -> Batches:
        reprints = _rejoinder.Reprints(_model(broadcast, key)._native)
        for batch in batches:
            texts, ids, dates = (column_of(batch[name]) for name in (text, id, date))
            articles = [(i or "", d, None, None, t or "") for t, i, d in zip(texts, ids, dates, strict=True)]
            yield batch.append_column("reprint_of", pa.array(reprints.first_prints(articles), pa.string()))

    schema = types.StructType([*df.schema.fields, types.StructField("reprint_of", types.StringType())])
    marked = rows.mapInArrow(work, schema)
    return marked if mark else marked.where("reprint_of is null").drop("reprint_of")


def _worker(model: Broadcast[bytes], key: str, options: dict[str, Any]) -> Callable[[Batches], Batches]:
    """Return what runs in each Python worker: record batches of articles to record batches of claims."""

    def work(batches: Batches) -> Batches:
        first = next(batches, None)
        if first is None:
            return
        source = pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))
        claims = arrow.classify(source, model=_model(model, key), **options)
        yield from pa.RecordBatchReader.from_stream(claims)

    return work


_models: dict[str, Model] = {}
"""The last model that this worker read, by its hash: workers live longer than tasks."""


def _model(file: Broadcast[bytes], key: str) -> Model:
    if key not in _models:
        _models.clear()
        _models[key] = Model.from_bytes(file.value)
    return _models[key]


def _struct(fields: pa.Schema | pa.StructType) -> types.StructType:
    """All fields may be null: Spark cannot hand over a record that is null and whose fields are not."""
    return types.StructType([types.StructField(field.name, _type(field.type)) for field in fields])


def _type(of: pa.DataType) -> types.DataType:
    """Return Spark's name for a type of claims."""
    if pa.types.is_struct(of):
        return _struct(of)
    if pa.types.is_list(of):
        return types.ArrayType(_type(of.value_type))
    return {pa.string(): types.StringType(), pa.int64(): types.LongType(), pa.float64(): types.DoubleType()}[of]
