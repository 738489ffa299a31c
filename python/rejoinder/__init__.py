"""Finds accusations, denials and offers of cooperation in news text.

>>> import rejoinder
>>> model = rejoinder.Model.default()
>>> [claim["labels"] for claim in model.classify("Tehran denied any role in the attack. It rained.")]
[['denial']]

``rejoinder.sklearn`` has a scikit-learn estimator, ``rejoinder.arrow`` works on Arrow tables of any library,
``rejoinder.spark`` on a cluster. Results are those of the command ``rejoinder``, byte for byte.
"""

from rejoinder._claims import Claim, Claims, Evaluation, Evidence, Explanation, Mention, Relation
from rejoinder._model import Model, Settings, cross_validate, train
from rejoinder.errors import DataWarning, RejoinderError

__all__ = [
    "Claim",
    "Claims",
    "DataWarning",
    "Evaluation",
    "Evidence",
    "Explanation",
    "Mention",
    "Model",
    "RejoinderError",
    "Relation",
    "Settings",
    "cross_validate",
    "train",
]
