"""What tests share: the folder of the project, the command, the default model."""

import os
import subprocess
from pathlib import Path

import pytest

import rejoinder

TOP = Path(__file__).parents[2]
ARTICLES = TOP / "tests/articles"
CASES = TOP / "tests/cases"
COMMAND = os.environ.get("REJOINDER", str(TOP / "target/debug/rejoinder"))


def command(*arguments, check=True, stdin=None):
    """What the command prints."""
    run = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, check=False, input=stdin, cwd=TOP)
    if check:
        assert run.returncode == 0, run.stderr.decode()
        return run.stdout.decode()
    return run


@pytest.fixture(scope="session")
def model():
    return rejoinder.Model.default()
