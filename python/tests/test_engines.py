"""The functions of docs/engines.md: every engine finds the claims that the command finds."""

import json
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.serializers import CloudPickleSerializer
from pyspark.sql import functions

from conftest import TOP, command
from rejoinder import Model, _rejoinder, arrow, spark

BLOCKS = re.findall(r"```python\n(.*?)```", (TOP / "docs/engines.md").read_text(encoding="utf-8"), re.DOTALL)
ENGINES = {}
for block in BLOCKS:
    exec(compile(block, "docs/engines.md", "exec"), ENGINES)
MODULES = {"with_spark": "pyspark"}
"""Modules that are not named as their engine is."""
COLUMNS = ["article", "sentence", "text", "labels"]
MANY = int(os.environ.get("REJOINDER_ROWS", "1_000_000"))
"""Rows of the large run."""


def write_news(path, rows, files=1):
    """Paragraphs of generated articles, one a row."""
    seed, paragraphs = 0, []
    while len(paragraphs) < rows:
        texts = _rejoinder.corpus(seed, min(50_000_000, 400 * rows))
        paragraphs += [paragraph for text in texts for paragraph in text.strip().split("\n\n")]
        seed += 1
    table = pa.table({"url": [f"u{at}" for at in range(rows)], "body": paragraphs[:rows]})
    path.mkdir()
    share = -(-rows // files)
    for at in range(files):
        pq.write_table(table.slice(at * share, share), path / f"{at:03}.parquet", row_group_size=10_000)
    return table


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    path = tmp_path_factory.mktemp("news") / "parquet"
    table = write_news(path, 5_000)
    claims = Model.default().classify(table["body"], ids=table["url"])
    return path / "000.parquet", sorted((c["article"], c["sentence"], c["text"], c["labels"]) for c in claims)


@pytest.fixture(scope="module")
def session():
    """Two worker processes of one core each."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("rejoinder")
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.files.openCostInBytes": "128m",  # a partition a file
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture
def ray():
    ray = pytest.importorskip("ray")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # Else they would wait for all other work on the machine.
    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112
    ray.init(num_cpus=2, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    yield ray
    ray.shutdown()


@pytest.mark.parametrize("engine", [name for name in ENGINES if name.startswith("with_")])
def test_engine(engine, news, request):
    pytest.importorskip(MODULES.get(engine, engine.removeprefix("with_")), reason=f"for {engine}")
    path, expected = news
    if engine == "with_ray":
        request.getfixturevalue("ray")
    arguments = [request.getfixturevalue("session")] if engine == "with_spark" else []
    table = ENGINES[engine](path, *arguments)
    assert table.column_names == COLUMNS
    assert sorted(zip(*(table[name].to_pylist() for name in COLUMNS), strict=True)) == expected


def test_columns_and_options_in_spark(session):
    rows = [("It rained.", 7, "2026-01-02", "Daily"), ("Tehran denied it.", 8, None, None)]
    articles = session.createDataFrame(rows, "text string, id int, day string, outlet string")
    options = {"date": "day", "outlet": "outlet", "all": True, "parties": False}
    claims = spark.classify(articles, **options, partitions=3).toArrow().sort_by("article").to_pylist()
    table = pa.table(
        {"text": [row[0] for row in rows], "id": ["7", "8"], "date": ["2026-01-02", None], "outlet": ["Daily", None]}
    )
    assert claims == pa.table(arrow.classify(table, all=True, parties=False)).to_pylist()
    flat = spark.classify(articles, **options, flat=True).toArrow().sort_by("article").to_pylist()
    assert flat == pa.table(arrow.classify(table, all=True, parties=False, flat=True)).to_pylist()
    assert spark.classify(articles.limit(0)).count() == 0


def test_rows_that_lie_in_one_partition_are_dealt_out(session):
    articles = session.createDataFrame([("It rained.", at) for at in range(400)], "text string, id int").coalesce(1)
    claims = spark.classify(articles, all=True, partitions=4)
    counts = [row["count"] for row in claims.groupBy(functions.spark_partition_id()).count().collect()]
    assert len(counts) == 4
    assert max(counts) < 2 * min(counts)
    assert spark.classify(articles, all=True).rdd.getNumPartitions() == 1


def test_the_model_is_broadcast_and_not_sent_with_each_task(session):
    file = Model.default().to_bytes()
    work = spark._worker(session.sparkContext.broadcast(file), "", {})
    assert len(CloudPickleSerializer().dumps(work)) < 10_000 < len(file)


def test_reprints_are_left_out(session, tmp_path):
    first = "The athletics federation of Kenya denied that it had warned 14 runners of drug tests in Nakuru."
    again = "Kenya's athletics federation has denied warning fourteen runners about drug tests at Nakuru."
    rows = [
        ("c", first, "2026-01-20"),
        ("b", again, "2026-01-03"),
        ("a", first, "2026-01-02"),
        ("d", "It rained.", "2026-01-04"),
    ]
    path = tmp_path / "news.jsonl"
    lines = [json.dumps({"id": i, "text": t, "date": d}) for i, t, d in sorted(rows, key=lambda row: row[2])]
    path.write_text("\n".join(lines), encoding="utf-8")
    printed = command("classify", path, "--clusters", "--all", "--format", "jsonl").split("\n")
    found = {claim["article"]: claim.get("reprint_of") for claim in map(json.loads, filter(None, printed))}
    assert found == {"a": None, "b": "a", "c": None, "d": None}
    articles = session.createDataFrame(rows, "id string, text string, date string")
    marked = spark.deduplicate(articles, partitions=1, mark=True).collect()
    assert {row["id"]: row["reprint_of"] for row in marked} == found
    kept = spark.deduplicate(articles, partitions=1)
    assert kept.columns == articles.columns
    assert sorted(row["id"] for row in kept.collect()) == ["a", "c", "d"]


def executors():
    """The processes of the executors, by number."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"org.apache.spark.executor.CoarseGrainedExecutorBackend" in command:
                found[int(folder.name)] = command
    return found


def own_executors(session):
    application = session.sparkContext.applicationId.encode()
    return {process for process, command in executors().items() if application in command}


def test_many_rows_while_a_worker_is_killed(session, tmp_path):
    news, out = tmp_path / "news", tmp_path / "claims"
    table = write_news(news, MANY, files=32)
    before = own_executors(session)
    assert len(before) == 2
    victim = min(before)
    tracker = session.sparkContext.statusTracker()

    def kill():
        while True:
            for stage in tracker.getActiveStageIds():
                information = tracker.getStageInfo(stage)
                if information and information.numCompletedTasks >= 3 and information.numTasks > 10:
                    os.kill(victim, signal.SIGKILL)
                    return
            time.sleep(0.05)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    claims = spark.classify(session.read.parquet(str(news)), text="body", id="url")
    begun = time.perf_counter()
    claims.select(*COLUMNS).write.parquet(str(out))
    seconds = time.perf_counter() - begun
    killer.join(timeout=0)
    assert not killer.is_alive()
    after = own_executors(session)
    assert victim not in after
    assert len(after - before) >= 1
    found = pq.read_table(out).sort_by([("article", "ascending"), ("sentence", "ascending")])
    alone = pa.table(arrow.classify(table, text="body", id="url")).select(COLUMNS)
    assert found.num_rows == alone.num_rows > MANY / 10
    assert found.equals(alone.sort_by([("article", "ascending"), ("sentence", "ascending")]).cast(found.schema))
    print(f"{MANY} rows in {seconds:.0f} s, an executor lost on the way: {found.num_rows} claims")
