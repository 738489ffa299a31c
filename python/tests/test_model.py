"""The model and its errors."""

import json
import pickle
import re
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import rejoinder
from conftest import CASES, TOP, command
from rejoinder import _rejoinder, arrow, errors

TRAINING = CASES / "training.csv"
TEXTS = ["Tehran denied the charge.", "It rained.", "France accused Russia of hacking."]


def test_saved_model_is_the_same(model, tmp_path):
    path = tmp_path / "m.safetensors"
    model.save(path)
    assert path.read_bytes() == model.to_bytes() == (TOP / "models/default.safetensors").read_bytes()
    for other in (rejoinder.Model.load(path), pickle.loads(pickle.dumps(model))):
        assert np.array_equal(other.predict_proba(TEXTS), model.predict_proba(TEXTS))
    assert repr(model).startswith("<Model: accusation, cooperation, denial; trained on ")


def test_default_model_is_read_once():
    assert rejoinder.Model.default() is rejoinder.Model.default()


def test_predictions_agree(model):
    scores, probabilities = model.decision_function(TEXTS), model.predict_proba(TEXTS)
    assert scores.shape == probabilities.shape == (3, len(model.labels))
    assert model.predict(TEXTS) == [["denial"], [], ["accusation"]]
    carried = probabilities >= np.array(model.thresholds)
    assert [[model.labels[at] for at in row.nonzero()[0]] for row in carried] == model.predict(TEXTS)
    for text, row, score in zip(TEXTS, probabilities, scores, strict=True):
        for label, p, s in zip(model.labels, row, score, strict=True):
            parts = model.explain(text)["labels"][label]
            assert (parts["probability"], parts["score"]) == (p, s)
            total = parts["intercept"] + sum(term["contribution"] for term in parts["terms"])
            assert total == pytest.approx(s, abs=1e-9)
    assert model.predict_proba([]).shape == (0, 3)


def test_labels_are_given_from_another_threshold_on(model):
    strict = model.with_threshold("denial", 1.0)
    assert strict.predict(TEXTS) == pickle.loads(pickle.dumps(strict)).predict(TEXTS) == [[], [], ["accusation"]]
    assert np.array_equal(strict.predict_proba(TEXTS), model.predict_proba(TEXTS))
    assert model.predict(TEXTS)[0] == ["denial"]
    for label, threshold in (("slander", 0.5), ("denial", 1.5)):
        with pytest.raises(errors.ParameterError, match=f"{label}={threshold}"):
            model.with_threshold(label, threshold)


def test_claims_become_a_table(model):
    table = model.classify(
        pd.Series(TEXTS, index=["a", "b", "c"]), dates=["2026-01-01", None, "2026-01-03"]
    ).to_pandas()
    assert table["article"].tolist() == ["a", "c"]
    assert table["date"].tolist() == ["2026-01-01", "2026-01-03"]
    assert {"labels", "probabilities", "source", "evidence"} < set(table.columns)
    assert model.classify("It rained.").to_pandas().empty


def variants():
    """The variants of the library's error, as its source has them."""
    source = (TOP / "src/error.rs").read_text(encoding="utf-8")
    body = source[source.index("pub enum Error {") : source.index("\n}\n")]
    return re.findall(r"^    ([A-Z]\w+)(?: \{|\(|,)", body, re.MULTILINE)


def test_each_kind_of_error_has_a_class():
    classes = {name for name, found in vars(errors).items() if isinstance(found, type) and issubclass(found, Exception)}
    assert classes - {"RejoinderError", "DataWarning"} == {f"{variant}Error" for variant in variants()}


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        (errors.EmptyFileError, b"", "{}: the file is empty"),
        (errors.BinaryError, b"text\0", "{}: line 1: not a text file (a NUL byte stands at byte 4)"),
        (errors.MissingColumnError, b"text,label\n", "{}: line 1: no column `labels` (found text, label)"),
        (errors.RaggedRowError, b"text,labels\nA.\n", "{}: line 2: 1 fields where the header has 2"),
        (errors.EmptyTextError, b"text,labels\n ,x\n", "{}: line 2: column `text` is empty"),
        (errors.MalformedLabelsError, b"text,labels\nA.,x|\n", "{}: line 2: column `labels`: a label is missing"),
        (errors.UnclosedQuoteError, b'text,labels\n"A.,x\n', "{}: line 2: a quoted field opens in this row"),
        (errors.NoLabelsError, b"text,labels\nA.,none\n", "no label in 1 rows"),
        (errors.RareLabelError, b"text,labels\nA.,x\nB.,none\n", "label `x` is on only 1 of 2 rows"),
    ],
)
def test_errors_have_their_class_and_the_text_of_the_command(tmp_path, kind, content, text):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(kind) as raised:
        rejoinder.train(path)
    assert str(raised.value).startswith(text.format(path))
    run = command("train", path, "-o", tmp_path / "m", check=False)
    assert (
        run.stderr.decode().strip() == f"rejoinder: error: {raised.value}" or str(raised.value) in run.stderr.decode()
    )


def test_other_errors(model, tmp_path):
    with pytest.raises(errors.IoError, match="nowhere.safetensors: No such file") as raised:
        rejoinder.Model.load(tmp_path / "nowhere.safetensors")
    assert isinstance(raised.value, OSError)
    with pytest.raises(errors.ModelError, match="not a usable model"):
        rejoinder.Model.from_bytes(b"no model")
    with pytest.raises(errors.NoArticlesError):
        model.classify_files(tmp_path)
    with pytest.raises(errors.UnknownLabelError, match="unknown label `praise`"):
        model.evaluate({"text": ["Well done."], "labels": ["praise"]})
    with pytest.raises(errors.ParameterError, match="parameter `c` is -1"):
        rejoinder.train(TRAINING, c=-1)
    with pytest.raises(errors.ParameterError, match="unknown variant `best`"):
        rejoinder.train(TRAINING, solver="best")
    with pytest.raises(errors.ParameterError, match="`depth`"):
        rejoinder.train(TRAINING, depth=3)
    with pytest.raises(errors.TooFewGroupsError):
        rejoinder.cross_validate(TRAINING, cv=10_000)


def test_records_that_cannot_be_read_are_warned_of(model, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Tehran denied it."}\nno JSON\n{"text": 3}\n', encoding="utf-8")
    with pytest.warns(rejoinder.DataWarning, match="line") as warned:
        claims = model.classify_files(path)
    assert [type(error) for error in claims.skipped] == [errors.JsonError, errors.NotTextError]
    assert [str(warning.message) for warning in warned] == list(map(str, claims.skipped))
    assert len(claims) == 1
    with pytest.raises(errors.JsonError):
        model.classify_files(path, strict=True)


def test_contradictions_are_warned_of():
    data = {"text": [*TEXTS, TEXTS[0], "So be it."], "labels": ["x", "", "x", "none", ""]}
    with pytest.warns(rejoinder.DataWarning, match="labelled `none`, but the same text"):
        rejoinder.train(data, min_df=1)


def test_progress_is_told(capsys, model):
    model.classify(TEXTS, progress=True)
    assert "3/3" in capsys.readouterr().err
    rejoinder.cross_validate(TRAINING, cv=2, progress=True)
    assert "2/2" in capsys.readouterr().err
    model.classify(TEXTS)
    assert capsys.readouterr().err == ""


LABELLED = [TOP / "labels/sentences.csv", TOP / "labels/articles.csv"]


@pytest.mark.parametrize(
    "work",
    [
        lambda model, texts: model.classify(texts, threads=1),
        lambda model, texts: model.predict_proba(texts),
        lambda model, texts: pa.table(arrow.classify(pa.table({"text": texts}), threads=1)),
        lambda model, texts: model.evaluate(LABELLED),
        lambda model, texts: rejoinder.train(LABELLED[:1]),
        lambda model, texts: rejoinder.cross_validate(LABELLED[:1], cv=2),
    ],
    ids=["classify", "predict_proba", "arrow", "evaluate", "train", "cross_validate"],
)
def test_other_threads_run_meanwhile(model, work):
    texts = _rejoinder.corpus(1, 12_000_000)
    done = threading.Event()
    ticks = []

    def tick():
        while not done.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    clock = threading.Thread(target=tick)
    clock.start()
    work(model, texts)
    done.set()
    clock.join()
    assert len(ticks) > 20
    assert max(np.diff(ticks)) < 0.2 * (ticks[-1] - ticks[0])


def test_interrupt_stops_the_work(tmp_path):
    script = tmp_path / "long.py"
    script.write_text(
        "import rejoinder, rejoinder._rejoinder as native\n"
        "texts = native.corpus(1, 1_000_000) * 2_000\n"
        "print('begun', flush=True)\n"
        "rejoinder.Model.default().classify(texts)\n",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        time.sleep(1)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    assert b"KeyboardInterrupt" in stderr
    assert time.monotonic() - begun < 20


def test_settings_are_those_of_the_library(model):
    def names(params):
        for name, value in params.items():
            if isinstance(value, dict) and name != "shares":
                yield from names(value)
            else:
                yield name

    known = set(names(model.record["params"])) - {"dense_limit_mb"}
    assert known == set(rejoinder.Settings.__annotations__)
    assert json.loads(json.dumps(model.record)) == model.record
