"""The estimator in scikit-learn's own hands."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MultiLabelBinarizer
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import check_array, validate_data

import rejoinder
from conftest import CASES
from rejoinder.sklearn import ClaimClassifier

TRAINING = pd.read_csv(CASES / "training.csv").fillna("")
TEXTS = TRAINING["text"]
CLASSES = TRAINING["labels"].map(lambda labels: labels.split("|")[0] or "none")
INDICATORS = MultiLabelBinarizer().fit_transform(
    [[label for label in labels.split("|") if label not in ("", "none")] for labels in TRAINING["labels"]]
)


class NumbersAsTexts(ClaimClassifier):
    """What scikit-learn's checks give are numbers: here each becomes words, one for every tenth of the numbers below it."""

    def fit(self, X, y):
        X, y = validate_data(self, X, y, multi_output=True) if y is not None else (validate_data(self, X), y)
        self.cuts_ = np.quantile(X, np.linspace(0.02, 0.98, 40), axis=0)
        return super().fit(self._words(X), y)

    def predict(self, X):
        return super().predict(X)

    def _texts(self, X):
        return (
            X
            if isinstance(X, list)
            else self._words(validate_data(self, X, reset=False) if hasattr(self, "cuts_") else X)
        )

    def _words(self, X):
        letters = "bdfgklmnprstvz"

        def word(column, cut):
            return (
                "".join(letters[digit] + "o" for digit in (column % 14, column // 14 % 14, cut % 14, cut // 14)) + "x"
            )

        return [
            "it " + " ".join(word(j, k) for j, value in enumerate(row) for k in (value > self.cuts_[:, j]).nonzero()[0])
            for row in check_array(X)
        ]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = False
        tags.input_tags.two_d_array = True
        tags.input_tags.string = False
        return tags


EXPECTED = {
    "check_class_weight_classifiers": "weights of classes are none or balanced, not a dict",
    "check_non_transformer_estimators_n_iter": "the library does not tell how many steps the solver took",
}


def test_checks_of_scikit_learn():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = check_estimator(ClaimClassifier(), on_fail="raise")
        assert [check["status"] for check in done] == ["passed"] * len(done)
        done = check_estimator(NumbersAsTexts(min_df=1), expected_failed_checks=EXPECTED, on_fail=None)
    failed = {check["check_name"]: check["exception"] for check in done if check["status"] == "failed"}
    assert failed == {}
    assert {check["check_name"] for check in done if check["status"] == "xfail"} == set(EXPECTED)
    assert sum(check["status"] == "passed" for check in done) > 40


def test_parameters_are_those_of_training():
    trained = rejoinder.train({"text": list(TEXTS), "labels": list(CLASSES)}).record["params"]
    settings = trained["vectorizer"] | trained["vectorizer"]["features"] | trained["logistic"] | trained
    for name, value in ClaimClassifier().get_params().items():
        given = {"class_weight": "none", "shares": {}}.get(name, value)
        assert settings[name] == (list(given) if isinstance(given, tuple) else given), name


def test_several_classes():
    classifier = ClaimClassifier(min_df=1).fit(TEXTS, CLASSES)
    assert classifier.classes_.tolist() == sorted(set(CLASSES))
    probabilities = classifier.predict_proba(TEXTS)
    assert probabilities.shape == (len(TEXTS), len(classifier.classes_))
    assert probabilities.sum(axis=1) == pytest.approx(1)
    assert (classifier.classes_[probabilities.argmax(axis=1)] == classifier.predict(TEXTS)).all()
    assert classifier.score(TEXTS, CLASSES) > 0.9


@pytest.mark.parametrize("y", [INDICATORS, csr_matrix(INDICATORS)], ids=["dense", "sparse"])
def test_indicators(y):
    classifier = ClaimClassifier(min_df=1).fit(TEXTS, y)
    assert classifier.predict(TEXTS).shape == classifier.predict_proba(TEXTS).shape == INDICATORS.shape
    assert classifier.score(TEXTS, INDICATORS) > 0.8
    model = rejoinder.train(TRAINING, min_df=1)
    grouped = ClaimClassifier(min_df=1).fit(TEXTS, y, groups=TRAINING["group"])
    assert np.array_equal(grouped.predict_proba(TEXTS), model.predict_proba(TEXTS))
    assert [[model.labels[at] for at in row.nonzero()[0]] for row in grouped.predict(TEXTS)] == model.predict(TEXTS)


def test_two_classes():
    denial = CLASSES == "denial"
    classifier = ClaimClassifier(min_df=1).fit(TEXTS, denial)
    assert classifier.classes_.tolist() == [False, True]
    assert classifier.predict(TEXTS).dtype == bool
    assert ((classifier.decision_function(TEXTS) > 0) == classifier.predict(TEXTS)).all()
    assert ((classifier.predict_proba(TEXTS)[:, 1] > 0.5) == classifier.predict(TEXTS)).all()
    assert classifier.score(TEXTS, denial) > 0.9
    rare = ClaimClassifier(min_df=1, shares={True: 0.01}).fit(TEXTS, denial)
    assert rare.predict_proba(TEXTS)[:, 1].mean() < classifier.predict_proba(TEXTS)[:, 1].mean()


def test_in_a_pipeline_and_a_search():
    pipeline = make_pipeline(
        FunctionTransformer(lambda texts: [text.replace("  ", " ") for text in texts]), ClaimClassifier()
    )
    search = GridSearchCV(pipeline, {"claimclassifier__c": [0.1, 10.0], "claimclassifier__min_df": [1, 2]}, cv=2)
    search.fit(TEXTS, CLASSES)
    assert not search.cv_results_["mean_test_score"].tolist().count(np.nan)
    assert search.predict(["The minister denied the report."]).tolist() == ["denial"]


def test_in_cross_validation():
    scores = cross_val_score(ClaimClassifier(min_df=1), TEXTS, CLASSES, cv=3, scoring="f1_macro", n_jobs=2)
    assert scores.mean() > 0.5
    folds = GroupKFold(3)
    predicted = cross_val_predict(ClaimClassifier(min_df=1), TEXTS, INDICATORS, groups=TRAINING["group"], cv=folds)
    assert predicted.shape == INDICATORS.shape


def test_clone_and_wrong_input():
    classifier = ClaimClassifier(c=3, ngram_range=(1, 3))
    assert clone(classifier).get_params() == classifier.get_params()
    with pytest.raises(NotFittedError):
        classifier.predict(TEXTS)
    with pytest.raises(ValueError, match="one class only"):
        classifier.fit(["A.", "B."], ["x", "x"])
    with pytest.raises(ValueError, match="class y is on 1 of 3 texts"):
        classifier.fit(["A.", "B.", "C."], ["x", "y", "x"])
    with pytest.raises(ValueError, match="inconsistent numbers"):
        classifier.fit(["A.", "B."], ["x"])
    with pytest.raises(rejoinder.errors.EmptyTextError):
        classifier.fit(["A.", "", "C.", "D."], [1, 0, 1, 0])
    with pytest.raises(rejoinder.errors.ParameterError):
        ClaimClassifier(tf="loud").fit(TEXTS, CLASSES)
    with pytest.raises(rejoinder.errors.ParameterError, match="praise=0.1"):
        ClaimClassifier(shares={"praise": 0.1}).fit(TEXTS, CLASSES)
