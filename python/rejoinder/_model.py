"""The model, and how to make one."""

from __future__ import annotations

import json
import os
import sys
import warnings
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import numpy as np

from rejoinder import _rejoinder
from rejoinder._claims import Claims, Evaluation, Explanation
from rejoinder._data import Paths, Texts, column_of, paths_of, source_of, texts_of
from rejoinder.errors import DataWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from typing_extensions import Unpack

Unit = Literal["sentence", "record"]


class Model:
    """A trained model: everything that turns a sentence into labels. It can be pickled.

    Attributes
    ----------
    labels : list of str, ``n_labels``
        The labels, in the order of every array here.
    thresholds : list of float, ``n_labels``
        The probability from which on a sentence carries the label.
    record : dict
        How the model came to be: version, parameters, hash of the data, scores on held-out folds.

    """

    def __init__(self, native: _rejoinder.Model) -> None:
        self._native = native
        self.labels: list[str] = native.labels
        self.thresholds: list[float] = native.thresholds
        self.record: dict[str, Any] = json.loads(native.record)

    @staticmethod
    @cache
    def default() -> Model:
        """Return the model inside the package."""
        return Model(_rejoinder.Model.default())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Model:
        """Return the model of a file.

        Raises
        ------
        IoError, ModelError, FutureModelError
            The file cannot be read, is damaged, or was written by a later version.

        """
        return cls(_rejoinder.Model.load(os.fspath(path)))

    @classmethod
    def from_bytes(cls, file: bytes) -> Model:
        """Return the model of a file's bytes."""
        return cls(_rejoinder.Model.from_bytes(file))

    def to_bytes(self) -> bytes:
        """Return the bytes of the model's file: the same model gives the same bytes."""
        return self._native.to_bytes()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model's file, which appears whole or not at all."""
        self._native.save(os.fspath(path))

    def with_threshold(self, label: str, threshold: float) -> Model:
        """Return the same model, which gives a label from this probability on.

        Raises
        ------
        ParameterError
            The model has no such label, or the threshold is not between 0 and 1.

        """
        return Model(self._native.with_threshold(label, threshold))

    def classify(
        self,
        texts: Texts,
        *,
        ids: Texts | None = None,
        dates: Texts | None = None,
        outlets: Texts | None = None,
        titles: Texts | None = None,
        unit: Unit = "sentence",
        all: bool = False,
        parties: bool = True,
        threads: int | None = None,
        progress: bool | None = None,
    ) -> Claims:
        """Find the claims of articles.

        Parameters
        ----------
        texts : str, or ``n_articles`` of them
            A list, a Series of pandas or Polars, or an array. What is missing has no claims.
        ids, dates, outlets, titles : ``n_articles`` values, optional
            What the claims say of their article. Ids are by default the index of a pandas Series, else the place,
            from 0.
        unit : 'sentence' or 'record'
            What is classified: every sentence, or each text as one sentence.
        all : bool
            Whether sentences without a label are returned too.
        parties : bool
            Whether speaker, source and target of claims are looked for; without them it is faster.
        threads : int, optional
            Threads to use; one for each core by default. The result is the same for any number.
        progress : bool, optional
            Whether a bar is shown; by default in a notebook and on a terminal, after half a second.

        """
        if ids is None:
            ids = getattr(texts, "index", None) if not isinstance(texts, list | tuple | str) else None
        given = texts_of(texts)
        if ids is None or callable(ids):
            ids = range(len(given))
        columns: list[list[str | None]] = [[name or "" for name in column_of(ids)]]
        columns += [[None] * len(given) if column is None else column_of(column) for column in (dates, outlets, titles)]
        if any(len(column) != len(given) for column in columns):
            raise ValueError(f"{len(given)} texts, but columns of {', '.join(str(len(c)) for c in columns)} values")
        articles = list(zip(*columns, given, strict=True))
        with _bar(progress, len(given), "articles") as advance:
            lines = self._native.classify(articles, (unit, all, parties), _threads(threads), advance)
        return Claims(given, lines)

    def classify_files(
        self,
        paths: Paths,
        *,
        text_column: str | None = None,
        id_column: str | None = None,
        title_column: str | None = None,
        date_column: str | None = None,
        outlet_column: str | None = None,
        unit: Unit = "sentence",
        all: bool = False,
        parties: bool = True,
        strict: bool = False,
        threads: int | None = None,
        progress: bool | None = None,
    ) -> Claims:
        """Find the claims of files and folders, which are read as the command ``rejoinder classify`` reads them.

        Records that cannot be read are warned of, and are left out: ``Claims.skipped`` holds them.

        Parameters
        ----------
        paths : path or list of paths
            Text, JSON lines, CSV and TSV, Parquet, web pages and web archives, or folders of them; packed ones too.
        text_column, id_column, title_column, date_column, outlet_column : str, optional
            The columns; ``text``, ``id``, ``title``, ``date`` and ``outlet`` by default.
        strict : bool
            Whether a record that cannot be read is an error.
        unit, all, parties, threads, progress
            As in :meth:`classify`.

        """
        columns = (text_column, id_column, date_column, outlet_column, title_column)
        with _bar(progress, None, "articles") as advance:
            articles, skipped = self._native.classify_files(
                paths_of(paths), columns, (unit, all, parties), _threads(threads), advance
            )
        for error in skipped:
            if strict:
                raise error
            warnings.warn(str(error), DataWarning, stacklevel=2)
        return Claims([text for text, _ in articles], [lines for _, lines in articles], skipped)

    def predict(self, texts: Texts) -> list[list[str]]:
        """Return the labels of each text as one sentence: ``n_texts`` lists."""
        carried = self._predict(texts)[2]
        return [[label for label, on in zip(self.labels, row, strict=True) if on] for row in carried]

    def predict_proba(self, texts: Texts) -> NDArray[np.float64]:
        """Return the calibrated probabilities of each text as one sentence: ``n_texts`` × ``n_labels``, not rounded."""
        return self._predict(texts)[1]

    def decision_function(self, texts: Texts) -> NDArray[np.float64]:
        """Return the scores of each text as one sentence, before calibration: ``n_texts`` × ``n_labels``."""
        return self._predict(texts)[0]

    def _predict(self, texts: Texts) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        scores, probabilities, labels = self._native.predict(texts_of(texts))
        shape = (-1, len(self.labels))
        return (
            np.frombuffer(scores).reshape(shape),
            np.frombuffer(probabilities).reshape(shape),
            np.frombuffer(labels, dtype=np.bool_).reshape(shape),
        )

    def explain(self, text: str) -> Explanation:
        """Return every term's part in the scores of one sentence; the parts and the intercept add up to the score."""
        return Explanation(self._native.explain(text))

    def evaluate(
        self,
        data: Any,
        *,
        text_column: str = "text",
        label_column: str = "labels",
        group_column: str | None = None,
    ) -> Evaluation:
        """Return scores against gold labels; the parameters are those of :func:`train`.

        Raises
        ------
        UnknownLabelError
            A label of the data is none of the model's.

        """
        columns = (text_column, label_column, group_column)
        scores, odd = self._native.evaluate(source_of(data, columns), columns)
        _warn(odd)
        return Evaluation(scores)

    def __reduce__(self) -> tuple[Callable[[bytes], Model], tuple[bytes]]:
        return Model.from_bytes, (self.to_bytes(),)

    def __repr__(self) -> str:
        return f"<Model: {', '.join(self.labels)}; trained on {self.record['n_samples']} sentences>"


class Settings(TypedDict, total=False):
    """What a model is made with, but for the data: the flags of ``rejoinder train``, with the same defaults."""

    solver: Literal["sparse", "linfa"]
    c: float
    dropout: float
    class_weight: Literal["none", "balanced"]
    tol: float
    max_iter: int
    ngram_range: tuple[int, int]
    class_ngrams: int
    pair_window: int
    negation_window: int
    skip_window: int
    word_parts: bool
    min_df: int
    tf: Literal["binary", "count", "sublinear"]
    idf: bool
    norm_power: float
    clause_share: float
    folds: int
    seed: int
    shares: dict[str, float]


def train(
    data: Any,
    *,
    text_column: str = "text",
    label_column: str = "labels",
    group_column: str | None = None,
    lexicon: str | os.PathLike[str] | None = None,
    actors: str | os.PathLike[str] | None = None,
    **settings: Unpack[Settings],
) -> Model:
    """Train a model. The same data, settings and version give the same bytes, and those of ``rejoinder train``.

    Parameters
    ----------
    data : path, list of paths, or table
        CSV files, or a table with named columns: a DataFrame of pandas or Polars, an Arrow table, a dict of lists.
    text_column, label_column : str
        The columns of the sentence and of its labels: joined by ``|``, or a list in each row of a table.
    group_column : str, optional
        The column of what must not straddle folds; ``group`` where the data have it.
    lexicon, actors : path, optional
        Tables to use in place of those inside the package.
    **settings
        See :class:`Settings`.

    Raises
    ------
    RejoinderError
        One class for each thing that can be wrong in the data or the settings.

    """
    columns = (text_column, label_column, group_column)
    native, odd = _rejoinder.train(source_of(data, columns), columns, _settings(settings, lexicon, actors))
    _warn(odd)
    return Model(native)


def cross_validate(
    data: Any,
    *,
    cv: int = 5,
    text_column: str = "text",
    label_column: str = "labels",
    group_column: str | None = None,
    lexicon: str | os.PathLike[str] | None = None,
    actors: str | os.PathLike[str] | None = None,
    progress: bool | None = None,
    **settings: Unpack[Settings],
) -> Evaluation:
    """Return scores of models that are trained on the other folds; groups stay whole.

    ``cv`` is the number of folds; the other parameters are those of :func:`train`.
    """
    columns = (text_column, label_column, group_column)
    given = _settings(settings, lexicon, actors)
    with _bar(progress, cv, "folds") as advance:
        scores, odd = _rejoinder.cross_validate(source_of(data, columns), columns, given, cv, advance)
    _warn(odd)
    return Evaluation(scores)


def _settings(
    settings: Settings, lexicon: str | os.PathLike[str] | None, actors: str | os.PathLike[str] | None
) -> tuple[str, str | None, str | None]:
    tables = (None if table is None else os.fspath(table) for table in (lexicon, actors))
    return (json.dumps(settings), *tables)  # type: ignore[return-value]


def _warn(odd: list[str]) -> None:
    for warning in odd:
        warnings.warn(warning, DataWarning, stacklevel=3)


def _threads(threads: int | None) -> int:
    if threads is None:
        available = getattr(os, "sched_getaffinity", None)
        return len(available(0)) if available else os.cpu_count() or 1
    if threads < 1:
        raise ValueError(f"threads must be at least 1, not {threads}")
    return threads


@contextmanager
def _bar(progress: bool | None, total: int | None, unit: str) -> Iterator[Callable[[int], object] | None]:
    """Show a bar, and give what advances it."""
    from tqdm.auto import tqdm
    from tqdm.std import tqdm as on_terminal

    notebook = tqdm is not on_terminal and "ipykernel" in sys.modules
    if progress is False or (progress is None and not notebook and not sys.stderr.isatty()):
        yield None
        return
    with tqdm(total=total, unit=f" {unit}", delay=0 if progress else 0.5) as bar:
        yield bar.update
