"""Measures rejoinder beside three peers and `wc -w`: the same generated text, the same labels, everything included.

    speed.py --rejoinder PROGRAM [--train 5000 50000] [--megabytes 20] [--repetitions 3]

README.md beside this file tells what is measured. Run by a plain `python3`, the script makes a virtual environment for
the peers and runs again inside it. Commands are interleaved, so that a busy minute of the machine strikes all alike.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import itertools
import json
import multiprocessing
import os
import pickle
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import environment

PACKAGES = {
    "numpy": "2.4.6",
    "scipy": "1.17.1",
    "scikit-learn": "1.9.1",
    "PyStemmer": "3.1.0",
    "fasttext": "0.9.3",
    "vowpalwabbit": "9.11.9",
}
LABELS = Path(__file__).resolve().parents[2] / "labels"
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+")
WORD = re.compile(r"\w\w+")
C = 10.0


# Text


def sentences(names: Iterable[str]) -> list[tuple[str, str]]:
    """Text and labels of every row of some of the project's labelled files."""
    rows = []
    for name in names:
        with (LABELS / name).open(encoding="utf-8", newline="") as file:
            rows += [(row["text"], row["labels"] or "none") for row in csv.DictReader(file)]
    return rows


def perturbed(text: str, words: list[str], rng: random.Random) -> str:
    """The text with one word in five replaced by another word of the files, half of these misspelled."""

    def another(word: str) -> str:
        if rng.random() >= 0.2:
            return word
        word = rng.choice(words)
        if rng.random() < 0.5:
            at = rng.randrange(len(word))
            word = word[:at] + rng.choice("abcdefghijklmnoprstuvwy") + word[at + 1 :]
        return word

    return " ".join(map(another, text.split(" ")))


def stream(seed: int, *names: str) -> Iterator[tuple[str, str]]:
    """Perturbed labelled sentences of these files without end."""
    rng = random.Random(seed)
    rows = sentences(names)
    words = [word for text, _ in rows for word in text.split(" ") if word.isalpha() and len(word) > 3]
    while True:
        text, labels = rng.choice(rows)
        yield perturbed(text, words, rng), labels


def write_training(path: Path, rows: int) -> None:
    """A labelled CSV; a shorter one is the beginning of a longer one."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "labels", "group"])
        for number, (text, labels) in zip(range(rows), stream(1, "sentences.csv", "articles.csv")):
            writer.writerow([text, labels, number // 20])


def write_articles(path: Path, megabytes: float) -> None:
    """JSON lines of articles of 21 sentences, three a paragraph."""
    texts = (text for text, _ in stream(2, "articles.csv"))
    with path.open("w", encoding="utf-8") as file:
        size = 0
        for number in itertools.count():
            paragraphs = [" ".join(itertools.islice(texts, 3)) for _ in range(7)]
            size += file.write(json.dumps({"id": number, "text": "\n\n".join(paragraphs)}, ensure_ascii=False) + "\n")
            if size >= megabytes * 1e6:
                break


def read_training(path: str) -> tuple[list[str], list[set[str]]]:
    """Texts and label sets of a labelled CSV."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row["text"] for row in rows], [set(row["labels"].split("|")) - {"none"} for row in rows]


def split(path: str) -> list[str]:
    """The sentences of the articles of a file, by one regular expression."""
    with open(path, encoding="utf-8") as file:
        return [part for line in file for part in SENTENCE_END.split(json.loads(line)["text"]) if part]


class Stemmer:
    """Lower-cased Snowball stems of a sentence."""

    def __init__(self) -> None:
        import Stemmer as snowball

        self.stem = snowball.Stemmer("english").stemWords

    def __call__(self, text: str) -> list[str]:
        return self.stem(WORD.findall(text.lower()))


# Peers: each reads files and writes a file, in a process of its own


def sklearn_train(data: str, model: str) -> None:
    """TF-IDF of stemmed 1-2-grams and a logistic regression a label, to the optimum."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    texts, sets = read_training(data)
    vectorizer = TfidfVectorizer(analyzer=Grams(), min_df=2)
    matrix = vectorizer.fit_transform(texts)
    names = sorted(set().union(*sets))
    fits = {n: LogisticRegression(C=C, max_iter=1000).fit(matrix, [n in labels for labels in sets]) for n in names}
    with open(model, "wb") as file:
        pickle.dump((vectorizer, fits), file)


def sklearn_classify(model: str, articles: str, out: str) -> None:
    """Probabilities and labels of every sentence, as JSON lines."""
    import numpy

    with open(model, "rb") as file:
        vectorizer, fits = pickle.load(file)
    texts = split(articles)
    with open(out, "w", encoding="utf-8") as file:
        for start in range(0, len(texts), 10_000):
            part = texts[start : start + 10_000]
            matrix = vectorizer.transform(part)
            columns = numpy.column_stack([fit.predict_proba(matrix)[:, 1] for fit in fits.values()])
            for text, row in zip(part, columns.tolist()):
                labels = [name for name, value in zip(fits, row) if value >= 0.5]
                if labels:
                    file.write(json.dumps({"text": text, "labels": labels, "probabilities": row}) + "\n")


class Grams:
    """Stems and pairs of stems of a sentence; a class, so that a vectorizer with it can be pickled."""

    def __init__(self) -> None:
        self.stemmer = Stemmer()

    def __call__(self, text: str) -> list[str]:
        stems = self.stemmer(text)
        return stems + [f"{a} {b}" for a, b in zip(stems, stems[1:])]

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return (Grams, ())


def fasttext_train(data: str, model: str) -> None:
    """fastText, one-vs-all over 1-2-grams, 10 dimensions, 200,000 buckets, 5 epochs."""
    import fasttext

    stems = Stemmer()
    texts, sets = read_training(data)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        for text, labels in zip(texts, sets):
            marks = " ".join(f"__label__{name}" for name in sorted(labels) or ["none"])
            file.write(f"{marks} {' '.join(stems(text))}\n")
        file.flush()
        fit = fasttext.train_supervised(
            file.name, loss="ova", wordNgrams=2, dim=10, bucket=200_000, epoch=5, thread=1, verbose=0
        )
    fit.save_model(model)


def fasttext_classify(model: str, articles: str, out: str) -> None:
    """Labels of every sentence. The wrapper's `predict` fails with numpy 2, so what it wraps is called."""
    import fasttext

    fit = fasttext.load_model(model)
    stems = Stemmer()
    with open(out, "w", encoding="utf-8") as file:
        for text in split(articles):
            said = fit.f.predict(" ".join(stems(text)) + "\n", 4, 0.5, "strict")
            labels = [name for _, name in said if name != "__label__none"]
            if labels:
                file.write(json.dumps({"text": text, "labels": labels}) + "\n")


def vw_lines(texts: list[str], sets: list[set[str]] | None, names: list[str], path: str) -> None:
    """A file in the format of Vowpal Wabbit."""
    stems = Stemmer()
    with open(path, "w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            marks = ",".join(str(names.index(n)) for n in sorted(sets[number])) if sets else ""
            file.write(f"{marks} | {' '.join(stems(text))}\n")


def vw_train(data: str, model: str) -> None:
    """Vowpal Wabbit, multilabel one-against-all with logistic loss over 1-2-grams, 5 passes."""
    texts, sets = read_training(data)
    names = sorted(set().union(*sets))
    vw_lines(texts, sets, names, model + ".txt")
    options = ["--multilabel_oaa", str(len(names)), "--loss_function", "logistic", "--ngram", "2", "-b", "18"]
    passes = ["--passes", "5", "--holdout_off", "--cache_file", model + ".cache", "-k"]
    vw = [sys.executable, "-m", "vowpalwabbit"]
    subprocess.run([*vw, *options, *passes, "-d", model + ".txt", "-f", model, "--quiet"], check=True)


def vw_classify(model: str, articles: str, out: str) -> None:
    """Labels of every sentence."""
    vw_lines(split(articles), None, [], out + ".txt")
    vw = [sys.executable, "-m", "vowpalwabbit"]
    subprocess.run([*vw, "-t", "-i", model, "-d", out + ".txt", "-p", out, "--quiet"], check=True)


PEERS: dict[str, tuple[Callable[[str, str], None], Callable[[str, str, str], None]]] = {
    "scikit-learn": (sklearn_train, sklearn_classify),
    "fastText": (fasttext_train, fasttext_classify),
    "VW": (vw_train, vw_classify),
}


# Measuring


@dataclass
class Run:
    """What one run of a command took."""

    cpu: float
    wall: float
    megabytes: float


def elsewhere(write: Callable[..., None], *arguments: object) -> None:
    """Calls in a process of its own: a child's peak memory counts what its parent held when it was started."""
    process = multiprocessing.Process(target=write, args=arguments)
    process.start()
    process.join()
    if process.exitcode != 0:
        sys.exit(process.exitcode)


def measure(command: list[str]) -> Run:
    """Runs a command to its end; an error of it is an error here."""
    started = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert child.stderr is not None
    message = child.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)}\n{message}")
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def interleaved(commands: dict[str, list[str]], repetitions: int) -> dict[str, list[Run]]:
    """Every command once, then every command again, and so on."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(repetitions):
        for name, command in commands.items():
            runs[name].append(measure(command))
            print(f"  {name}: {runs[name][-1].cpu:.2f} s", file=sys.stderr)
    return runs


def table(title: str, runs: dict[str, list[Run]], unit: str, amount: float) -> None:
    """Medians, and ratios of CPU time to the first peer's and to `wc -w`."""
    print(f"\n### {title}\n")
    anchor = "wc -w" in runs
    heads = ["", "CPU s", "spread", "wall s", "peak MB", unit, "CPU vs scikit-learn", *(["CPU vs wc -w"] if anchor else [])]
    print("| " + " | ".join(heads) + " |\n|" + " --- |" * len(heads))
    cpu = {name: statistics.median(run.cpu for run in rows) for name, rows in runs.items()}
    for name, rows in sorted(runs.items(), key=lambda item: cpu[item[0]]):
        spread = max(run.cpu for run in rows) - min(run.cpu for run in rows)
        wall = statistics.median(run.wall for run in rows)
        peak = max(run.megabytes for run in rows)
        cells = [name, f"{cpu[name]:.2f}", f"{spread:.2f}", f"{wall:.2f}", f"{peak:.0f}", f"{amount / cpu[name]:,.1f}"]
        cells.append(f"{cpu[name] / cpu['scikit-learn']:.3f}")
        if anchor:
            cells.append(f"{cpu[name] / cpu['wc -w']:.1f}")
        print("| " + " | ".join(cells) + " |")


def compare(arguments: argparse.Namespace) -> None:
    """Writes the texts, runs everything, prints the tables."""
    program = str(arguments.rejoinder.resolve())
    this = [sys.executable, str(Path(__file__).resolve()), "--peer"]
    folder = Path(arguments.work or tempfile.mkdtemp(prefix="rejoinder-speed-"))
    folder.mkdir(parents=True, exist_ok=True)

    model = {name: str(folder / f"{name}.model") for name in PEERS}
    for rows in sorted(arguments.train):
        data = str(folder / f"{rows}.csv")
        elsewhere(write_training, Path(data), rows)
        grams = ["--class-ngrams", "0", "--skip-window", "0", "--no-word-parts", "--c", str(C)]
        ours = [program, "--quiet", "train", data, "-o", str(folder / "ours.safetensors")]
        commands = {"rejoinder, all features": [*ours, "--c", str(C)], "rejoinder, 1-2-grams": [*ours, *grams]}
        commands |= {name: [*this, name, "train", data, model[name]] for name in PEERS}
        runs = interleaved(commands, arguments.repetitions)
        table(f"Training on {rows:,} sentences, CSV to model file", runs, "1,000 sentences/CPU s", rows / 1000)

    articles = folder / "articles.jsonl"
    elsewhere(write_articles, articles, arguments.megabytes)
    megabytes = articles.stat().st_size / 1e6
    ours = [program, "--quiet", "classify", str(articles), "--threads", "1", "-o", str(folder / "ours.jsonl")]
    commands = {"wc -w": ["wc", "-w", str(articles)], "rejoinder": ours, "rejoinder, --no-parties": [*ours, "--no-parties"]}
    commands |= {
        name: [*this, name, "classify", model[name], str(articles), str(folder / f"{name}.out")] for name in PEERS
    }
    runs = interleaved(commands, arguments.repetitions)
    table(f"Classifying {megabytes:.0f} MB of text, file to file", runs, "MB/CPU s", megabytes)

    print(f"\n{platform.platform()}, {os.cpu_count()} cores, {arguments.repetitions} repetitions, medians")
    versions = [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    print(", ".join([f"python {platform.python_version()}", *versions]))


def main() -> None:
    """Goes into the environment, then compares, or is one peer."""
    if sys.argv[1:2] == ["--peer"]:
        name, action, *paths = sys.argv[2:]
        train, classify = PEERS[name]
        (train if action == "train" else classify)(*paths)
        return
    parser = argparse.ArgumentParser(description="Measure rejoinder beside scikit-learn, fastText, VW and wc -w.")
    parser.add_argument("--rejoinder", type=Path, required=True, metavar="PROGRAM", help="the program rejoinder")
    parser.add_argument(
        "--train", type=int, nargs="+", default=[5_000, 50_000], metavar="ROWS", help="sentences [default: 5000 50000]"
    )
    parser.add_argument("--megabytes", type=float, default=20, help="text to classify, in 10^6 bytes [default: 20]")
    parser.add_argument("--repetitions", type=int, default=3, metavar="N", help="runs of each command [default: 3]")
    parser.add_argument("--work", type=Path, metavar="DIR", help="folder for texts and models [default: a temporary one]")
    parser.add_argument(
        "--env", type=Path, default=environment.DEFAULT, metavar="DIR", help="virtual environment of the peers"
    )
    arguments = parser.parse_args()
    environment.enter(arguments.env, PACKAGES)
    compare(arguments)


if __name__ == "__main__":
    main()
