"""One table of cases through all doors: the command, files, lists, Series, single texts. The bytes are the same."""

import csv
import gzip
import json

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import rejoinder
from conftest import ARTICLES, CASES, TOP, command
from rejoinder import arrow


def rows():
    """The articles of the tests, and each text of the tables as one."""
    articles = []
    for path in sorted(ARTICLES.iterdir()):
        if path.suffix == ".txt":
            articles.append({"id": path.stem, "text": path.read_text(encoding="utf-8")})
        else:
            articles += [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    for table, column in (("claims", "sentence"), ("segment", "text"), ("attribution", "text")):
        with (CASES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            articles += [{"id": f"{table}:{at}", "text": row[column]} for at, row in enumerate(csv.DictReader(file))]
    return articles


@pytest.fixture(
    scope="module",
    params=[[], ["--all"], ["--no-parties"], ["--unit", "record"], ["--unit", "record", "--all"]],
    ids=" ".join,
)
def case(request, tmp_path_factory):
    """A file of all cases, what the command says of it, and the same options for the package."""
    path = tmp_path_factory.mktemp("cases") / "cases.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")
    printed = command("classify", path, "--format", "jsonl", *request.param)
    options = {
        "all": "--all" in request.param,
        "parties": "--no-parties" not in request.param,
        "unit": "record" if "record" in request.param else "sentence",
    }
    assert printed.count("\n") > 100
    return path, printed, options


def columns(frame):
    return {f"{name}s": frame[name] for name in ("id", "date", "outlet", "title")}


@pytest.mark.parametrize("threads", [1, 3])
def test_files(model, case, threads):
    path, printed, options = case
    assert model.classify_files(path, threads=threads, **options).to_json() == printed


@pytest.mark.parametrize("threads", [1, 3])
def test_pandas(model, case, threads):
    path, printed, options = case
    frame = pd.DataFrame([json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line])
    assert model.classify(frame["text"], threads=threads, **columns(frame), **options).to_json() == printed


def test_polars(model, case):
    path, printed, options = case
    frame = pl.read_ndjson(path, infer_schema_length=None)
    assert model.classify(frame["text"], **columns(frame), **options).to_json() == printed


@pytest.mark.parametrize("threads", [1, 3])
def test_arrow(case, tmp_path, threads):
    path, printed, options = case
    table = pa.Table.from_pylist([{"outlet": None, "title": None, "date": None, **row} for row in rows()])
    claims = pa.table(arrow.classify(table, **options, threads=threads)).to_pylist()
    assert [present(claim) for claim in claims] == [present(json.loads(line)) for line in printed.split("\n") if line]
    flags = {"all": ["--all"], "parties": [], "unit": ["--unit", options["unit"]]}
    flags = [flag for name, of in flags.items() if options[name] for flag in of] + ["--no-parties"] * (
        not options["parties"]
    )
    command("classify", path, *flags, "-o", tmp_path / "claims.parquet")
    assert pa.table(arrow.classify(table, **options, flat=True)).equals(pq.read_table(tmp_path / "claims.parquet"))


def present(value):
    """JSON leaves out some of what is null in a column."""
    if isinstance(value, dict):
        return {name: present(of) for name, of in value.items() if of is not None}
    return [present(item) for item in value] if isinstance(value, list) else value


def test_list_and_single_texts(model, case):
    _, printed, options = case
    lines = ""
    for row in rows():
        of_article = {f"{name}s": row[name] for name in ("id", "date", "outlet", "title") if name in row}
        lines += model.classify(row["text"], **of_article, **options).to_json()
    assert lines == printed


def test_folder(model):
    claims = model.classify_files(ARTICLES)
    assert claims.to_json() == command("classify", ARTICLES, "--format", "jsonl")
    assert [json.loads(line) for line in claims.to_json().split("\n") if line] == list(claims)
    assert len(claims) == sum(map(len, claims.by_article)) > 20
    for text, article in zip(claims.texts, claims.by_article, strict=True):
        assert all(text[claim["start"] : claim["end"]] == claim["text"] for claim in article)


def test_columns_have_names(model, tmp_path):
    path = tmp_path / "wire.csv"
    path.write_text("url,body,day\nu1,Tehran denied the charge.,2026-01-02\n", encoding="utf-8")
    claims = model.classify_files([path], text_column="body", id_column="url", date_column="day")
    flags = ("--text-column", "body", "--id-column", "url", "--date-column", "day")
    assert claims.to_json() == command("classify", path, "--format", "jsonl", *flags)
    assert (claims[0]["article"], claims[0]["date"]) == ("u1", "2026-01-02")


def archive(page):
    """A web archive with one page."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    kind = "Content-Type: application/http; msgtype=response"
    head = f"WARC/1.0\r\nWARC-Type: response\r\n{kind}\r\nWARC-Target-URI: https://post.example/2\r\nContent-Length: {len(answer)}"
    return head.encode() + b"\r\n\r\n" + answer + b"\r\n\r\n"


@pytest.mark.parametrize("name", ["page.html", "page.html.gz", "crawl.warc", "crawl.warc.gz"])
def test_web_pages(model, tmp_path, name):
    page = (TOP / "tests/pages/harbour.html").read_bytes()
    page = archive(page) if "warc" in name else page
    path = tmp_path / name
    path.write_bytes(gzip.compress(page) if name.endswith("gz") else page)
    claims = model.classify_files(tmp_path, all=True)
    assert claims.to_json() == command("classify", path, "--format", "jsonl", "--all")
    assert len(claims) > 3
    assert claims.skipped == []


def test_hive_folder_of_parquet(model, tmp_path):
    place = tmp_path / "news/outlet=Courier"
    place.mkdir(parents=True)
    pq.write_table(pa.table({"id": [7, 8], "text": [RAIN, DENIAL]}), place / "part-0.parquet")
    claims = model.classify_files(tmp_path / "news")
    assert claims.to_json() == command("classify", tmp_path / "news", "--format", "jsonl")
    assert [(claim["article"], claim["outlet"]) for claim in claims] == [("8", "Courier")]


DENIAL, RAIN = "Tehran denied the charge.", "It rained in the capital."


@pytest.mark.parametrize(
    "texts",
    [
        [RAIN, DENIAL],
        (RAIN, DENIAL),
        np.array([RAIN, DENIAL]),
        np.array([RAIN, DENIAL], dtype=object),
        pd.Series([RAIN, DENIAL]),
        pd.Series([RAIN, DENIAL], dtype="category"),
        pl.Series([RAIN, DENIAL]),
        pa.chunked_array([[RAIN], [DENIAL]]),
        (text for text in (RAIN, DENIAL)),
    ],
    ids=lambda texts: type(texts).__name__,
)
def test_texts_come_from_any_library(model, texts):
    assert [claim["article"] for claim in model.classify(texts)] == ["1"]


def test_index_of_a_series_is_the_id(model):
    claims = model.classify(pd.Series({"x": RAIN, "y": DENIAL}))
    assert [claim["article"] for claim in claims] == ["y"]


def test_missing_text_has_no_claims(model):
    missing = [None, float("nan"), pd.NA, "", DENIAL]
    assert [claim["article"] for claim in model.classify(missing, all=True)] == ["4"]
    assert list(model.classify([])) == []


def test_wrong_input_is_a_clear_error(model):
    with pytest.raises(TypeError, match="not a table"):
        model.classify(pd.DataFrame({"text": [DENIAL]}))
    with pytest.raises(TypeError, match="a text is needed, not bytes"):
        model.classify([b"x"])
    with pytest.raises(ValueError, match="2 texts, but columns of 1, 2, 2, 2 values"):
        model.classify([RAIN, DENIAL], ids=["a"])
    with pytest.raises(ValueError, match="'sentence' or 'record', not 'word'"):
        model.classify(DENIAL, unit="word")
    with pytest.raises(ValueError, match="at least 1, not 0"):
        model.classify(DENIAL, threads=0)


@pytest.mark.parametrize("text", ["Tehran denied any role in the attack.", " “Né” – he said it was a lie.\n", ""])
def test_explanation(model, text):
    explanation = model.explain(text)
    assert explanation.to_json() == command("explain", "-", "--format", "json", stdin=text.encode())
    assert set(explanation["labels"]) == set(model.labels)


def test_evaluation(model):
    path = "labels/contrast.csv"
    printed = command("evaluate", path, "--format", "json")
    assert model.evaluate(path).to_json() == printed
    assert model.evaluate(pd.read_csv(path)).to_json() == printed
    assert model.evaluate(pl.read_csv(path)).to_json() == printed


def test_cross_validation():
    path = CASES / "training.csv"
    printed = command("evaluate", path, "--format", "json", "--cross-validate", 3, "--c", 2)
    assert rejoinder.cross_validate(path, cv=3, c=2).to_json() == printed


def test_training(tmp_path):
    path, trained = CASES / "training.csv", tmp_path / "m.safetensors"
    flags = ("--c", 2, "--min-df", 1, "--ngrams", "1,3", "--share", "denial=0.1")
    command("train", path, "-o", trained, *flags)
    settings = {"c": 2, "min_df": 1, "ngram_range": (1, 3), "shares": {"denial": 0.1}}
    frame = pd.read_csv(path)
    lists = frame.assign(labels=frame["labels"].fillna("").map(lambda labels: labels.split("|") if labels else []))
    for data in (path, frame, lists, pl.read_csv(path), pa.Table.from_pandas(frame), frame.to_dict("list")):
        assert rejoinder.train(data, **settings).to_bytes() == trained.read_bytes()
