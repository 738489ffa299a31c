"""The blocks of docs/r.md run in R, one after the other."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import ARTICLES, COMMAND, TOP, command

BLOCKS = re.findall(r"```r\n(.*?)```", (TOP / "docs/r.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
def test_page_runs_and_finds_what_the_command_finds(tmp_path):
    script = tmp_path / "page.R"
    tell = [
        'cat(toJSON(claims[, c("article", "sentence", "start", "end", "text")]), "\\n")',
        'cat(toJSON(claims$labels), "\\n")',
    ]
    script.write_text("\n".join([*BLOCKS, *tell]), encoding="utf-8")
    path = f"{Path(COMMAND).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "LC_ALL": "C.UTF-8"}
    run = subprocess.run(["Rscript", script], capture_output=True, check=False, cwd=TOP, env=environment)
    assert run.returncode == 0, run.stderr.decode()
    *_, rows, labels = map(str.strip, run.stdout.decode().strip().split("\n"))
    printed = [json.loads(line) for line in command("classify", ARTICLES, "--format", "jsonl").split("\n") if line]
    assert json.loads(rows) == [{name: claim[name] for name in json.loads(rows)[0]} for claim in printed]
    assert json.loads(labels) == [claim["labels"] for claim in printed]
    assert "Tehran denied the charge." in run.stdout.decode()
