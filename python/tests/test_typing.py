"""What a type checker tells a user of the installed package."""

import subprocess
import sys

PROGRAM = """
import rejoinder
from rejoinder import arrow

model = rejoinder.Model.default()
reveal_type(model.classify(["It rained."])[0]["start"])
reveal_type(model.predict(["It rained."]))
reveal_type(rejoinder.train("labels.csv", min_df=1))
reveal_type(arrow.classify(None))
rejoinder.train("labels.csv", depth=3)
model.classify("It rained.", unit="word")
"""


def test_types_of_the_package_reach_its_users(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    call = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file", "", "program.py"]
    run = subprocess.run(call, capture_output=True, check=False, cwd=tmp_path, text=True)
    told = [line.partition(": ")[2] for line in run.stdout.splitlines()]
    assert [line.split('"')[1] for line in told if line.startswith("note: Revealed")] == [
        "int",
        "list[list[str]]",
        "rejoinder._model.Model",
        "rejoinder.arrow.ClaimStream",
    ]
    errors = [line for line in told if line.startswith("error")]
    assert len(errors) == 2, run.stdout + run.stderr
    assert '"depth"' in errors[0]
    assert '"unit"' in errors[1]
