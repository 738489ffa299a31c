"""Folders and Parquet sets through the command: runs that are killed at random points, memory."""

import subprocess
import sys
import time
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import COMMAND, command
from rejoinder import _rejoinder

FLAGS = ("--text-column", "body", "--id-column", "url", "--quiet")


def write_parquet(folder, articles):
    """A Hive-partitioned set: three outlets, several row groups each."""
    for at, outlet in enumerate(("Courier", "Gazette", "Post")):
        place = folder / f"outlet={outlet}"
        place.mkdir(parents=True)
        table = pa.Table.from_pylist(articles[at::3])
        pq.write_table(table, place / "part-0.parquet", row_group_size=max(1, table.num_rows // 4))


def write_texts(folder, articles):
    """A file for each article."""
    folder.mkdir()
    for article in articles:
        (folder / f"{article['url']}.txt").write_text(article["body"], encoding="utf-8")


@pytest.mark.parametrize("output", ["claims.csv", "claims.parquet"])
@pytest.mark.parametrize("write", [write_parquet, write_texts])
def test_runs_killed_at_random_points_lose_and_repeat_nothing(tmp_path, write, output):
    bodies = _rejoinder.corpus(4, 4_000_000)
    write(tmp_path / "news", [{"url": f"u{at:05}", "body": body} for at, body in enumerate(bodies)])
    begun = time.monotonic()
    command("classify", tmp_path / "news", *FLAGS, "-o", tmp_path / f"whole-{output}")
    longest = 0.4 * (time.monotonic() - begun)

    seed = Random().randrange(2**32)
    random, kills = Random(seed), 0
    print("seed", seed)
    call = [COMMAND, "classify", tmp_path / "news", *FLAGS, "--resume", "-o", tmp_path / output]
    while True:
        with subprocess.Popen(list(map(str, call))) as run:
            try:
                assert run.wait(timeout=random.uniform(0, longest)) == 0
                break
            except subprocess.TimeoutExpired:
                run.kill()
        kills += 1
        longest *= 1.02  # others may work on the machine by now
    assert kills >= 1
    print(kills, "kills")
    assert (tmp_path / output).read_bytes() == (tmp_path / f"whole-{output}").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["news", output, f"whole-{output}"])


PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def peak_of(*arguments):
    """The most memory that the command takes, in MB: called from a small process, whose own memory counts until it is replaced."""
    call = [sys.executable, "-I", "-c", PEAK, COMMAND, *map(str, arguments)]
    return int(subprocess.run(call, check=True, stdout=subprocess.PIPE).stdout)


def test_memory_does_not_grow_with_the_set(tmp_path):
    bodies = _rejoinder.corpus(5, 4_000_000)
    peaks = []
    for times in (1, 16):
        articles = [{"url": f"u{at}", "body": body} for at, body in enumerate(bodies * times)]
        write_parquet(tmp_path / str(times), articles)
        out = tmp_path / f"claims-{times}.parquet"
        peaks.append(peak_of("classify", tmp_path / str(times), *FLAGS, "--threads", 1, "--no-parties", "-o", out))
    rows = [pq.read_metadata(tmp_path / f"claims-{times}.parquet").num_rows for times in (1, 16)]
    assert rows[1] == 16 * rows[0] > 1_000
    print(peaks, "MB for 4 and 64 MB of text")
    # Of the output a row group is held, which is full after some 35 MB.
    assert peaks[1] < peaks[0] + 48
