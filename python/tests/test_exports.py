"""Exports of news databases, read as docs/formats.md says."""

import csv
import json
import re
import shlex
import subprocess
import sys

import pytest

from conftest import TOP, command

PAGE = (TOP / "docs/formats.md").read_text(encoding="utf-8").partition("## Exports of news databases")[2]

FACTIVA = """
Tehran denies role in attack
By A. Writer
1,532 words
4 March 2021
13:45
Levant Wire
LEVW
English
(c) 2021 Levant Wire

Tehran denied any role in the attack. “It rained,” he said.

Estonia accused Belarus of orchestrating a cyberattack.

Document LEVW000020210304eh3400001

Rain in the capital
203 words
12 November 2021
The Gazette
GAZT
English
Copyright 2021. The Gazette

It rained in the capital.

Paris accused Tehran of breaking the agreement.

Document GAZT000020211112ehbc0002z

"""


def claims_of(*arguments):
    return [json.loads(line) for line in command("classify", *arguments, "--format", "jsonl").split("\n") if line]


def rtf(text):
    """The text as RTF writes it."""
    letters = "".join(letter if letter.isascii() else f"\\u{ord(letter)}?" for letter in text)
    return "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fnil Arial;}}\n" + letters.replace("\n", "\\par\n") + "}"


@pytest.mark.parametrize("form", [str, rtf, lambda text: "\ufeff" + text.replace("\n", "\r\n")])
def test_factiva(tmp_path, form):
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "factiva.py").write_text(program, encoding="utf-8")
    (tmp_path / "export").write_bytes(form(FACTIVA).encode())
    with (tmp_path / "news.jsonl").open("wb") as news:
        subprocess.run([sys.executable, "factiva.py", "export"], cwd=tmp_path, stdout=news, check=True)
    claims = claims_of(tmp_path / "news.jsonl")
    names = ("article", "date", "outlet", "title", "text", "labels")
    assert [tuple(claim[name] for name in names) for claim in claims] == [
        (
            "LEVW000020210304eh3400001",
            "2021-03-04",
            "Levant Wire",
            "Tehran denies role in attack",
            "Tehran denied any role in the attack.",
            ["denial"],
        ),
        (
            "LEVW000020210304eh3400001",
            "2021-03-04",
            "Levant Wire",
            "Tehran denies role in attack",
            "Estonia accused Belarus of orchestrating a cyberattack.",
            ["accusation"],
        ),
        (
            "GAZT000020211112ehbc0002z",
            "2021-11-12",
            "The Gazette",
            "Rain in the capital",
            "Paris accused Tehran of breaking the agreement.",
            ["accusation"],
        ),
    ]


def test_nexis(tmp_path):
    path = tmp_path / "nexis.csv"
    rows = [
        ["Headline", "Publication", "Date", "Body"],
        ["Role denied", "Levant Wire", "March 4, 2021 Thursday", "Tehran denied any role in the attack."],
    ]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    [line] = re.findall(r"^rejoinder (classify nexis.csv .*)$", PAGE, re.MULTILINE)
    arguments = [
        {"nexis.csv": path, "claims.csv": tmp_path / "claims.csv"}.get(word, word) for word in shlex.split(line)
    ]
    command(*arguments)
    with (tmp_path / "claims.csv").open(encoding="utf-8", newline="") as file:
        [claim] = csv.DictReader(file)
    assert (claim["date"], claim["outlet"], claim["title"]) == ("2021-03-04", "Levant Wire", "Role denied")
    assert claim["labels"] == "denial"
