"""A scikit-learn estimator over texts.

>>> from rejoinder.sklearn import ClaimClassifier
>>> texts = ["He denied it.", "She denied the charge.", "It rained.", "It rained again."]
>>> ClaimClassifier(min_df=1).fit(texts, [1, 1, 0, 0]).predict(["They denied it."])
array([1])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_array, check_consistent_length, check_is_fitted, column_or_1d

from rejoinder._data import texts_of
from rejoinder._model import Model, Settings, train

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray
    from sklearn.utils import Tags

FEWEST_ROWS = 2
"""The fewest texts that a class must be on, and missing from."""


class ClaimClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Trains on texts, one sentence each: binary, multiclass and multilabel.

    The parameters are those of :func:`rejoinder.train`, with the same defaults; ``shares`` names classes.

    Attributes
    ----------
    classes_ : array, ``n_classes``
        The classes; the numbers of the columns where ``y`` is an indicator matrix.
    model_ : Model
        The trained model: one label for each class, or the second alone of two.

    """

    def __init__(
        self,
        *,
        solver: str = "sparse",
        c: float = 1.0,
        dropout: float = 0.0,
        class_weight: str | None = None,
        tol: float = 1e-4,
        max_iter: int = 100,
        ngram_range: tuple[int, int] = (1, 2),
        class_ngrams: int = 3,
        pair_window: int = 8,
        negation_window: int = 4,
        skip_window: int = 3,
        word_parts: bool = True,
        min_df: int = 2,
        tf: str = "binary",
        idf: bool = True,
        norm_power: float = 1.0,
        clause_share: float = 0.3,
        folds: int = 5,
        seed: int = 0,
        shares: Mapping[Any, float] | None = None,
    ) -> None:
        self.solver = solver
        self.c = c
        self.dropout = dropout
        self.class_weight = class_weight
        self.tol = tol
        self.max_iter = max_iter
        self.ngram_range = ngram_range
        self.class_ngrams = class_ngrams
        self.pair_window = pair_window
        self.negation_window = negation_window
        self.skip_window = skip_window
        self.word_parts = word_parts
        self.min_df = min_df
        self.tf = tf
        self.idf = idf
        self.norm_power = norm_power
        self.clause_share = clause_share
        self.folds = folds
        self.seed = seed
        self.shares = shares

    def fit(self, X: Sequence[str], y: ArrayLike, groups: Sequence[Any] | None = None) -> ClaimClassifier:
        """Train.

        Parameters
        ----------
        X : ``n_samples`` texts
            A list, a Series, or an array; none may be empty.
        y : ``n_samples`` classes, or ``n_samples`` × ``n_classes`` indicators
            A class needs two texts, and two that lack it.
        groups : ``n_samples`` values, optional
            What must not straddle the folds from which calibration and thresholds come, such as the text's article.

        """
        texts = self._texts(X)
        if y is None:
            raise ValueError("ClaimClassifier requires y to be passed, but the target y is None")
        check_consistent_length(texts, y, groups)
        classes, gold = _targets(y)
        names = [f"{at:02}" for at in range(gold.shape[1])]
        carried = classes[-gold.shape[1] :]
        for name, on in zip(carried, gold.sum(axis=0), strict=True):
            if min(on, len(texts) - on) < FEWEST_ROWS:
                raise ValueError(f"class {name} is on {on} of {len(texts)} texts, but must be on, and off, at least 2")
        data: dict[str, Any] = {"text": texts, "labels": [[names[at] for at in row.nonzero()[0]] for row in gold]}
        if groups is not None:
            data["group"] = groups
        self.classes_ = classes
        self.multilabel_ = np.ndim(classes) == 1 and type_of_target(y).startswith("multilabel")
        self.model_ = train(data, **self._settings(dict(zip(carried, names, strict=True))))
        return self

    def predict(self, X: Sequence[str]) -> NDArray[Any]:
        """Return the class of each text, ``n_samples``; or indicators, ``n_samples`` × ``n_classes``, as ``y`` was.

        Of classes the most probable is taken; indicators are decided by the model's thresholds, which are chosen for
        the best F1 on held-out folds.
        """
        decisions = self.decision_function(X)
        if self.multilabel_:
            return (decisions >= 0).astype(int)
        at = decisions.argmax(axis=1) if decisions.ndim > 1 else (decisions > 0).astype(int)
        classes: NDArray[Any] = self.classes_[at]
        return classes

    def predict_proba(self, X: Sequence[str]) -> NDArray[np.float64]:
        """Return calibrated probabilities, ``n_samples`` × ``n_classes``.

        They add up to 1 unless ``y`` was indicators.
        """
        probabilities = self._model().predict_proba(self._texts(X))
        if self.multilabel_:
            return probabilities
        if probabilities.shape[1] == 1:
            return np.hstack([1 - probabilities, probabilities])
        shares: NDArray[np.float64] = probabilities / probabilities.sum(axis=1, keepdims=True)
        return shares

    def decision_function(self, X: Sequence[str]) -> NDArray[np.float64]:
        """Return calibrated log-odds, ``n_samples`` × ``n_classes``, or ``n_samples`` for two classes.

        For indicators they are taken above those of the thresholds: 0 or more is a yes.
        """
        model = self._model()
        log_odds = _log_odds(model.predict_proba(self._texts(X)))
        if self.multilabel_:
            return log_odds - _log_odds(np.array(model.thresholds))
        return log_odds[:, 0] if log_odds.shape[1] == 1 else log_odds

    def _model(self) -> Model:
        check_is_fitted(self)
        model: Model = self.model_
        return model

    def _texts(self, X: Sequence[str]) -> list[str]:
        if isinstance(X, str):
            raise ValueError("several texts are needed, not one")
        return texts_of(X)

    def _settings(self, names: dict[Any, str]) -> Settings:
        settings: dict[str, Any] = self.get_params()
        settings["class_weight"] = self.class_weight or "none"
        settings["shares"] = {names.get(name, str(name)): share for name, share in (self.shares or {}).items()}
        return settings  # type: ignore[return-value]

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.classifier_tags.multi_label = True
        return tags


def _targets(y: ArrayLike) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the classes, and whether each text carries each: the second alone of two."""
    check_classification_targets(y)
    if type_of_target(y, input_name="y").startswith("multilabel"):
        gold = check_array(y, accept_sparse=True, input_name="y")
        gold = gold.toarray() if hasattr(gold, "toarray") else gold
        return np.arange(gold.shape[1]), gold.astype(bool)
    classes, at = np.unique(column_or_1d(y, warn=True), return_inverse=True)
    if len(classes) == 1:
        raise ValueError(f"y has one class only, {classes[0]!r}: there is nothing to tell apart")
    columns = np.arange(len(classes))[-1:] if len(classes) == 2 else np.arange(len(classes))
    return classes, at[:, None] == columns


def _log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    tiny = np.finfo(float).tiny
    return np.log(np.maximum(probabilities, tiny)) - np.log(np.maximum(1 - probabilities, tiny))
