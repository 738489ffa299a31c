"""The server against its own OpenAPI description."""

import json
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

# Whether CSV or JSON lines are valid is no matter of a schema: with these bodies that is not checked.
ANY_BODY = ["--exclude-checks", "positive_data_acceptance,negative_data_rejection"]


@pytest.mark.parametrize(("only", "arguments"), [("application/json", []), ("", ANY_BODY)], ids=["json", "all-bodies"])
def test_server_is_as_it_describes_itself(server, tmp_path, only, arguments):
    description = json.load(urlopen(f"{server}/openapi.json"))
    body = description["paths"]["/v1/classify"]["post"]["requestBody"]
    body["content"] = {kind: content for kind, content in body["content"].items() if only in kind}
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(description))
    (tmp_path / "hooks.py").write_text(HOOKS)
    command = [Path(sys.executable).with_name("schemathesis"), "run", path, "--url", server, "--max-examples", "60", "--seed", "1"]
    environment = {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": tmp_path}
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=150, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


HOOKS = """
import schemathesis

@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return str(value).encode("utf-8", "replace")
"""
