"""What comes out: claims, explanations, scores. All of it is the library's JSON, read when it is looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, overload

from rejoinder import _display

if TYPE_CHECKING:
    import pandas as pd


class Mention(TypedDict, total=False):
    """A party as it is named in the text, with its place in code points of the article.

    Code and role are those of the antecedent where the text has a pronoun.
    """

    text: str
    code: str | None
    role: str | None
    start: int
    end: int
    antecedent: Mention


class Relation(TypedDict):
    """Who does what one label says to whom."""

    label: str
    sources: list[Mention]
    targets: list[Mention]


class Evidence(TypedDict):
    """What one term adds to the score of one label, and where it stands in the article."""

    label: str
    term: str
    start: int
    end: int
    contribution: float


class Claim(TypedDict, total=False):
    """A classified sentence, with the fields that the command writes as JSON lines.

    ``start`` and ``end`` count code points: ``text == article_text[start:end]``.
    """

    article: str
    sentence: int
    start: int
    end: int
    text: str
    labels: list[str]
    probabilities: dict[str, float]
    speaker: Mention | None
    source: Mention | None
    target: Mention | None
    relations: list[Relation]
    evidence: list[Evidence]
    date: str
    outlet: str
    title: str


class Claims(Sequence[Claim]):
    """The claims of some articles, in the order of the articles and of their sentences.

    A notebook shows the articles with the claims marked.

    Attributes
    ----------
    texts : list of str
        The texts of the articles.
    skipped : list of Exception
        The records of files that could not be read.

    """

    def __init__(self, texts: list[str], lines: list[str], skipped: Sequence[Exception] = ()) -> None:
        self.texts = texts
        self.skipped = list(skipped)
        self._lines = lines
        self._articles: list[list[Claim]] | None = None
        self._claims: list[Claim] | None = None

    @property
    def by_article(self) -> list[list[Claim]]:
        """The claims of each article, one list an article: ``n_articles`` of them."""
        if self._articles is None:
            # Not `splitlines`: a line of JSON can hold other separators than a line feed.
            self._articles = [[json.loads(line) for line in lines.split("\n") if line] for lines in self._lines]
        return self._articles

    def to_json(self) -> str:
        """Return the lines that the command writes with ``--format jsonl``."""
        return "".join(self._lines)

    def to_pandas(self) -> pd.DataFrame:
        """Return a data frame with one row a claim and one column a field."""
        import pandas as pd

        columns = [name for name in Claim.__annotations__ if any(name in claim for claim in self)]
        table: pd.DataFrame = pd.DataFrame(list(self), columns=columns)
        return table

    def _all(self) -> list[Claim]:
        if self._claims is None:
            self._claims = [claim for article in self.by_article for claim in article]
        return self._claims

    @overload
    def __getitem__(self, at: int) -> Claim: ...
    @overload
    def __getitem__(self, at: slice) -> list[Claim]: ...
    def __getitem__(self, at: int | slice) -> Claim | list[Claim]:
        return self._all()[at]

    def __len__(self) -> int:
        return sum(lines.count("\n") for lines in self._lines)

    def __iter__(self) -> Iterator[Claim]:
        return iter(self._all())

    def __repr__(self) -> str:
        return f"<{len(self)} claims in {len(self._lines)} articles>"

    def _repr_html_(self) -> str:
        return _display.claims(self)


class _Report(dict[str, Any]):
    """Fields of a JSON object, which keeps the text that it was read from."""

    def __init__(self, text: str) -> None:
        super().__init__(json.loads(text))
        self._text = text

    def to_json(self) -> str:
        """Return the text that the command writes with ``--format json``."""
        return self._text

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return type(self), (self._text,)


class Explanation(_Report):
    """Why a sentence gets its labels.

    ``text``, and for each of the ``labels`` its score, the intercept and every term's part.

    A notebook shows the sentence with its terms coloured by what they weigh.
    """

    def _repr_html_(self) -> str:
        return _display.explanation(self)


class Evaluation(_Report):
    """Scores against gold labels: ``overall`` and for each of the ``parts``, with 95 % intervals."""
