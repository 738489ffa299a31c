"""The README's code runs as it stands."""

import re

import pytest

from conftest import TOP

README = (TOP / "python/README.md").read_text(encoding="utf-8")


def test_blocks_run_one_after_the_other(monkeypatch):
    monkeypatch.chdir(TOP)
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(blocks) >= 2
    names = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)
    assert len(names["claims"]) > 0
    assert names["table"]["labels"].map(len).min() >= 1


@pytest.mark.parametrize("path", re.findall(r'["`]((?:python|labels|tests|docs)/[\w./-]+)["`]', README))
def test_paths_exist(path):
    assert (TOP / path).exists()
