"""Parquet in and out of `rejoinder classify`, as pandas, pyarrow and DuckDB write and read it.

    pip install pyarrow pandas duckdb
    python tests/parquet.py target/release/rejoinder      # a program with the feature `parquet`

Writes a Hive-partitioned folder, classifies it to Parquet and to CSV, and fails unless both tables say the same in each reader.
"""

import datetime
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas
import pyarrow as pa
import pyarrow.parquet as pq

TEXTS = [
    "Tehran denied any involvement in the attack. It rained in the capital.",
    "Estonia accused Belarus of orchestrating a cyberattack.",
    "The minister offered to hold talks with the union — “at once”, she said.",
    "Nothing happened.",
]
INTEGERS = ["sentence", "start", "end"] + [
    f"{who}_{end}" for who in ("speaker", "source", "target") for end in ("start", "end")
]


def write_articles(folder: Path, n: int) -> None:
    """Three partitions, with other compressions, several row groups and typed columns."""
    for outlet, compression in [("Courier", "snappy"), ("The%20Post", "zstd"), ("Gazette", "none")]:
        place = folder / f"outlet={outlet}" / "year=2024"
        place.mkdir(parents=True)
        table = pa.table(
            {
                "id": [f"{outlet}-{i}" for i in range(n)],
                "text": pa.array([TEXTS[i % 4] for i in range(n)], pa.large_string()),
                "date": [datetime.date(2024, 3, 1 + i % 28) for i in range(n)],
                "words": pa.array([None if i % 5 == 0 else i for i in range(n)], pa.int32()),
                "section": pa.array(["world", "home", None, "sport"] * (n // 4)).dictionary_encode(),
            }
        )
        pq.write_table(table, place / "part-0.parquet", compression=compression, row_group_size=max(1, n // 3))


def main(program: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_articles(folder / "news", 400)
        for output in ("claims.parquet", "claims.csv"):
            subprocess.run(
                [program, "classify", "news", "--quiet", "--keep-columns", "all", "-o", output],
                cwd=folder,
                check=True,
            )
        gold = pandas.read_csv(folder / "claims.csv")
        for column in INTEGERS + ["words", "year"]:
            gold[column] = gold[column].astype("Int64")
        assert len(gold) == 900, len(gold)

        read = pandas.read_parquet(folder / "claims.parquet")
        assert list(read.columns) == list(gold.columns)
        assert list(read.columns[-3:]) == ["words", "section", "year"], "all columns but those that claims have"
        kept = ["words", "year"]  # columns that are kept are text
        for column in INTEGERS + kept:
            read[column] = pandas.to_numeric(read[column]).astype("Int64")
        pandas.testing.assert_frame_equal(
            read.astype(object).where(read.notna(), None),
            gold.astype(object).where(gold.notna(), None),
            check_dtype=False,
        )

        path = str(folder / "claims.parquet")
        outlets = duckdb.sql(f"SELECT outlet, count(*) FROM '{path}' GROUP BY outlet ORDER BY outlet").fetchall()
        assert outlets == [("Courier", 300), ("Gazette", 300), ("The Post", 300)], outlets
        sums = duckdb.sql(
            f"SELECT sum(\"end\" - start), sum(probability_denial), count(source), min(date), max(date) FROM '{path}'"
        ).fetchall()[0]
        assert sums[0] == int((gold["end"] - gold["start"]).sum()), sums
        assert abs(sums[1] - gold["probability_denial"].sum()) < 1e-9, sums
        assert sums[2] == int(gold["source"].notna().sum()), sums
        assert sums[3:] == ("2024-03-01", "2024-03-27"), sums  # nothing happened on the 28th
        denials = read[read["text"].str.startswith("Tehran")]
        codes = {json.loads(relations)[0]["sources"][0]["code"] for relations in denials["relations"]}
        assert codes == {"IRN"}, codes

        schema = pq.read_schema(path)
        assert schema.field("sentence").type == pa.int64() and schema.field("probability_denial").type == pa.float64()
    print("parquet: pandas and DuckDB read what the CSV says")


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()))
