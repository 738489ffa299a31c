"""Arrow data of each library give the claims of the command."""

import json
import subprocess
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import rejoinder
from conftest import ARTICLES, command
from rejoinder import _rejoinder, arrow


def articles():
    rows = [{"url": path.stem, "body": path.read_text(encoding="utf-8")} for path in sorted(ARTICLES.glob("*.txt"))]
    return [*rows, {"url": "none"}, {"url": None, "body": "Tehran denied “it”."}, {"url": "empty", "body": ""}]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """The articles for the command; one without an id has its row's number, as the package counts."""
    path = tmp_path_factory.mktemp("articles") / "a.jsonl"
    rows = [row | {"url": row["url"] or str(at), "body": row.get("body") or ""} for at, row in enumerate(articles())]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


FLAGS = ("--text-column", "body", "--id-column", "url")


@pytest.fixture(scope="module")
def printed(path):
    """What the command says of the articles."""
    lines = command("classify", path, "--format", "jsonl", *FLAGS).split("\n")
    return [json.loads(line) for line in lines if line]


def without_absent(value):
    """JSON leaves out some of what is null in a column."""
    if isinstance(value, dict):
        return {name: without_absent(of) for name, of in value.items() if of is not None}
    return [without_absent(item) for item in value] if isinstance(value, list) else value


def same(rows, printed):
    assert [without_absent(row) for row in rows] == [without_absent(claim) for claim in printed]
    return True


TABLE = pa.Table.from_pylist(articles())
COLUMNS = {"text": "body", "id": "url"}


@pytest.mark.parametrize(
    "data",
    [
        TABLE,
        TABLE.to_batches()[0],
        TABLE.to_reader(max_chunksize=2),
        pa.concat_tables([TABLE.slice(0, 3), TABLE.slice(3)]),
        TABLE.cast(pa.schema([("url", pa.large_string()), ("body", pa.large_string())])),
        TABLE.cast(pa.schema([("url", pa.string_view()), ("body", pa.string_view())])),
        TABLE.cast(pa.schema([("url", pa.string()), ("body", pa.binary())])),
        TABLE.set_column(0, "url", TABLE["url"].dictionary_encode()).set_column(
            1, "body", TABLE["body"].dictionary_encode()
        ),
        pl.DataFrame(articles()),
        pd.DataFrame(articles()),
        pd.DataFrame(articles(), dtype="string[pyarrow]"),
        duckdb.from_arrow(TABLE),
    ],
    ids=lambda data: type(data).__module__.split(".")[0] + "-" + type(data).__name__,
)
@pytest.mark.parametrize("threads", [1, 3])
def test_tables_of_every_library(data, threads, printed):
    if isinstance(data, pa.RecordBatchReader):
        data = TABLE.to_reader(max_chunksize=2)  # a stream is read once
    claims = pa.table(arrow.classify(data, **COLUMNS, threads=threads))
    assert same(claims.to_pylist(), printed)


@pytest.mark.parametrize("flags", [[], ["--all"]], ids=" ".join)
@pytest.mark.parametrize("threads", [1, 3])
def test_flat_columns_are_those_of_the_command(path, tmp_path, flags, threads):
    command("classify", path, "-o", tmp_path / "claims.parquet", *FLAGS, *flags)
    written = pq.read_table(tmp_path / "claims.parquet")
    claims = pa.table(arrow.classify(TABLE, **COLUMNS, all="--all" in flags, flat=True, threads=threads))
    assert claims.equals(written)
    assert claims.num_rows > 20


def test_claims_go_to_every_library(printed):
    def claims():
        return arrow.classify(TABLE, **COLUMNS)

    assert same(pl.DataFrame(claims()).to_dicts(), printed)
    assert same(pa.RecordBatchReader.from_stream(claims()).read_all().to_pylist(), printed)
    stream = claims()  # noqa: F841
    query = "select article, count(*) as n from stream where list_contains(labels, 'denial') group by all order by all"
    denials = [claim["article"] for claim in printed if "denial" in claim["labels"]]
    assert duckdb.sql(query).fetchall() == [(article, denials.count(article)) for article in sorted(set(denials))]
    frame = pa.table(claims()).to_pandas()
    assert frame["text"].tolist() == [claim["text"] for claim in printed]
    if hasattr(pd.DataFrame, "from_arrow"):
        assert pd.DataFrame.from_arrow(claims())["sentence"].tolist() == [claim["sentence"] for claim in printed]


def test_usual_names_are_found_and_wrong_ones_are_errors():
    data = pa.table({"text": ["Tehran denied it."], "id": [7], "date": [pd.Timestamp("2026-01-02")], "title": [None]})
    claim = pa.table(arrow.classify(data)).to_pylist()[0]
    assert (claim["article"], claim["date"][:10], claim["title"]) == ("7", "2026-01-02", None)
    with pytest.raises(KeyError, match="no column `body` .found text, id, date, title."):
        arrow.classify(data, text="body")
    with pytest.raises(TypeError, match="texts are needed, not Int64"):
        arrow.classify(data, text="id")
    with pytest.raises(ValueError, match="__arrow_c"):
        arrow.classify([1, 2])
    with pytest.raises(ValueError, match="'sentence' or 'record'"):
        arrow.classify(data, unit="word")


def test_schema_is_known_before_any_claim(model):
    empty = arrow.classify(pa.table({"text": pa.array([], pa.string())}))
    schema = pa.schema(empty)
    assert schema.field("probabilities").type == pa.struct(
        [pa.field(label, pa.float64(), False) for label in model.labels]
    )
    assert pa.table(empty).num_rows == 0
    with pytest.raises(OSError, match="closed stream"):
        pa.table(empty)


def test_an_array_gives_a_list_for_each_text(printed):
    lists = pa.chunked_array(arrow.classify(TABLE["body"], threads=2)).to_pylist()
    assert len(lists) == TABLE.num_rows
    assert lists[-3] == lists[-1] == []
    assert [claim["text"] for claims in lists for claim in claims] == [claim["text"] for claim in printed]
    series = pl.Series(arrow.classify(pl.Series(["It rained.", "Tehran denied it."])))
    assert series.list.len().to_list() == [0, 1]
    assert pa.chunked_array(arrow.classify(pa.array([], pa.string()))).to_pylist() == []


def test_bytes_that_are_no_text_are_replaced():
    wrong = pa.array([b"Tehran denied \xff it."], pa.binary())
    unchecked = pa.Array.from_buffers(pa.string(), 1, wrong.buffers())
    for array in (wrong, unchecked):
        [[claim]] = pa.chunked_array(arrow.classify(array)).to_pylist()
        assert claim["text"] == "Tehran denied \ufffd it."


def test_a_stream_is_read_as_it_is_needed():
    read = []

    def batches():
        for at in range(100):
            read.append(at)
            yield pa.record_batch({"text": ["Tehran denied the charge."] * 10})

    source = pa.RecordBatchReader.from_batches(pa.schema([("text", pa.string())]), batches())
    claims = pa.RecordBatchReader.from_stream(arrow.classify(source, threads=2))
    assert claims.read_next_batch()["article"].to_pylist() == [str(at) for at in range(10)]
    assert len(read) < 5
    assert [row["article"] for row in claims.read_all().to_pylist()] == [str(at) for at in range(10, 1000)]


def test_texts_are_not_copied(tmp_path):
    script = tmp_path / "peak.py"
    script.write_text(
        """
import resource
import numpy as np
import pyarrow as pa
from rejoinder import arrow

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

def classify(texts):
    for claims in pa.RecordBatchReader.from_stream(arrow.classify(pa.table({"text": texts}), threads=1)):
        pass

text = b"It rained in the capital, and the streets were empty. " * 40
classify(pa.array([text.decode()] * 1_000))
rows = 64_000_000 // len(text)
bytes_of_all = text * rows
offsets = np.arange(0, rows + 1, dtype=np.int32) * len(text)
texts = pa.Array.from_buffers(pa.string(), rows, [None, pa.py_buffer(offsets), pa.py_buffer(bytes_of_all)])
before = peak()
classify(texts)
print(before, peak())
""",
        encoding="utf-8",
    )
    run = subprocess.run([sys.executable, script], capture_output=True, check=True, text=True)
    before, after = map(int, run.stdout.split())
    print(before, "MB with 64 MB of text,", after, "MB after they were classified")
    assert before > 64
    assert after - before < 24


def test_a_broken_source_is_an_error():
    def batches():
        yield pa.record_batch({"text": ["Tehran denied the charge."]})
        raise RuntimeError("the disk is gone")

    source = pa.RecordBatchReader.from_batches(pa.schema([("text", pa.string())]), batches())
    with pytest.raises(Exception, match="the disk is gone"):
        pa.table(arrow.classify(source))


def test_large_batches_keep_their_order(model):
    texts = _rejoinder.corpus(3, 6_000_000)
    claims = pa.table(arrow.classify(pa.table({"text": texts}), threads=3))
    listed = model.classify(texts)
    assert claims["article"].to_pylist() == [claim["article"] for claim in listed]
    assert claims["evidence"].to_pylist() == [claim["evidence"] for claim in listed]
    assert np.array_equal(claims["start"].to_numpy(), [claim["start"] for claim in listed])


def test_another_model():
    texts = ["He praised it.", "She praised them.", "It rained.", "It snowed."] * 3
    model = rejoinder.train({"text": texts, "labels": ["praise", "praise", "", ""] * 3}, min_df=1, c=100)
    claims = pa.table(arrow.classify(pa.table({"text": ["They praised it."]}), model=model)).to_pylist()
    assert claims[0]["labels"] == ["praise"]
    assert set(claims[0]["probabilities"]) == {"praise"}
