"""What a notebook shows. Every text is escaped: an article must not run in the reader's browser."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rejoinder._claims import Claim, Claims, Explanation

ARTICLES = 20
"""The most articles that are shown."""
CHARACTERS = 20_000
"""The longest text that is shown whole; of a longer one the claims are."""
COLOURS = ("#f8c9c4", "#c5e3c8", "#c6d8f3", "#f6e3b0", "#e0cdf0", "#c9e9ea")
"""Backgrounds of labels, on which black is read."""


def claims(found: Claims) -> str:
    """Articles with their claims marked."""
    pairs = [(text, article) for text, article in zip(found.texts, found.by_article, strict=True) if article]
    parts = [_article(text, article) for text, article in pairs[:ARTICLES]]
    if len(pairs) > ARTICLES:
        parts.append(f"<p>… and {len(pairs) - ARTICLES} more articles with claims</p>")
    return f"<div><p>{escape(repr(found)[1:-1])}</p>{''.join(parts)}</div>"


def _article(text: str, article: list[Claim]) -> str:
    first = article[0]
    head = " · ".join(str(first[name]) for name in ("article", "date", "outlet", "title") if name in first)
    whole = len(text) <= CHARACTERS
    parts, done = [], 0
    for claim in article:
        parts.append(escape(text[done : claim["start"]]) if whole else "… ")
        parts.append(_claim(text, claim))
        done = claim["end"]
    parts.append(escape(text[done:]) if whole else "…")
    return f"<h4>{escape(head)}</h4><div style='white-space:pre-wrap;max-width:50em'>{''.join(parts)}</div>"


def _claim(text: str, claim: Claim) -> str:
    names = list(claim["probabilities"])
    labels = claim["labels"]
    colour = COLOURS[names.index(labels[0]) % len(COLOURS)] if labels else "#eeeeee"
    terms = {(term["start"], term["end"]) for term in claim["evidence"]}
    sentence = _with_terms(text, claim["start"], claim["end"], terms)
    said = ", ".join(f"{label} {100 * claim['probabilities'][label]:.0f} %" for label in labels)
    parties = " → ".join(_name(claim, side) for side in ("source", "target"))
    note = escape(f"{said or 'none'} ({parties})" if parties != "? → ?" else said or "none")
    return f"<mark style='background:{colour};color:#000'>{sentence}</mark><sup>{note}</sup>"


def _name(claim: Claim, side: str) -> str:
    party = claim.get(side)
    return str(party["text"]) if isinstance(party, dict) else "?"


def _with_terms(text: str, start: int, end: int, terms: Iterable[tuple[int, int]]) -> str:
    """Return a piece of the text with its terms in bold; terms overlap, their union is what is marked."""
    parts, done = [], start
    for first, last in sorted(terms):
        if last <= done:
            continue
        begin = max(first, done)
        parts.append(f"{escape(text[done:begin])}<b>{escape(text[begin:last])}</b>")
        done = last
    parts.append(escape(text[done:end]))
    return "".join(parts)


def explanation(found: Explanation) -> str:
    """Return the sentence once for each label, its terms coloured by what they weigh for and against it."""
    rows = []
    for label, parts in found["labels"].items():
        given = "yes" if parts["given"] else "no"
        head = f"{label}: {given}, {100 * parts['probability']:.1f} %"
        rows.append(f"<p><b>{escape(head)}</b><br>{_weighed(found['text'], parts['terms'])}</p>")
    return f"<div style='max-width:50em'>{''.join(rows)}</div>"


def _weighed(text: str, terms: list[dict[str, float]]) -> str:
    weights = [0.0] * len(text)
    for term in terms:
        start, end = int(term["start"]), int(term["end"])
        for at in range(start, end):
            weights[at] += term["contribution"] / (end - start)
    largest = max(map(abs, weights), default=0.0) or 1.0
    parts, start = [], 0
    for at in range(1, len(text) + 1):
        if at == len(text) or weights[at] != weights[start]:
            piece, weight = escape(text[start:at]), weights[start] / largest
            colour = "200,40,30" if weight < 0 else "30,130,60"
            parts.append(f"<span style='background:rgba({colour},{abs(weight) * 0.6:.2f})'>{piece}</span>")
            start = at
    return "".join(parts)
