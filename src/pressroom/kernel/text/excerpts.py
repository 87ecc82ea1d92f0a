"""The part of a text that answers a search, and the part that stands for the whole."""

import html
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain

from pressroom.kernel.text.characters import UNSPACED, compiled
from pressroom.kernel.text.tokens import Located, fold, locate
from pressroom.kernel.text.websearch import Query, Term

ELLIPSIS = "…"

# A hit that far into a text is not worth the time of showing it.
_SCANNED = 50_000
_MAX_SPANS = 500
_STRETCH, _OVERLAP = 200, 100
# A sentence is worth keeping whole when it fills this much of a summary.
_FULL_ENOUGH = 0.4

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+[”’」』）]*")
_WORD_CHARACTER = rf"[^\W{UNSPACED}]"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A part of a text, with `…` where it was cut, and the spans of the hits in it (`text[start:end]`)."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


def excerpt(plain: str, query: Query | None, *, length: int = 200) -> Excerpt:
    """The stretch of a plain text that shows most of what was searched for.

    Args:
        plain: the text; its white space is shown as single spaces.
        query: what was searched for; without it, or without a hit, the excerpt is the text's beginning.
        length: how many characters of the text to show at most.
    """
    text = " ".join(plain[:_SCANNED].split())
    spans = _hits(text, query.wanted) if query else []
    if not spans:
        return Excerpt(summarise(text, length=length))
    first, last = _best_window(spans, length)
    start, end = _around(text, (spans[first][0], spans[last][1]), length)
    lead = ELLIPSIS if start else ""
    tail = ELLIPSIS if end < len(text) else ""
    shift = len(lead) - start
    shown = _merged((max(a, start) + shift, min(b, end) + shift) for a, b, _ in spans if a < end and b > start)
    return Excerpt(lead + text[start:end] + tail, tuple(shown))


def marked_html(found: Excerpt) -> str:
    """The excerpt as HTML: everything escaped, each hit in `<mark>`."""
    parts: list[str] = []
    place = 0
    for start, end in found.spans:
        parts += (html.escape(found.text[place:start]), "<mark>", html.escape(found.text[start:end]), "</mark>")
        place = end
    return "".join(parts) + html.escape(found.text[place:])


def summarise(plain: str, *, length: int = 160) -> str:
    """The beginning of a text in at most `length` characters: whole sentences, or cut between words with `…`."""
    text = " ".join(plain[: length * 8].split())
    if len(text) <= length:
        return text
    ends = [found.end() for found in _SENTENCE_END.finditer(text[: length + 1]) if found.end() <= length]
    if ends and ends[-1] >= length * _FULL_ENOUGH:
        return text[: ends[-1]]
    return text[: _cut_before(text, length - 1)].rstrip(" ,;:，、；：") + ELLIPSIS


def _hits(text: str, terms: tuple[Term, ...]) -> list[tuple[int, int, int]]:
    """Start, end and number of the term for each hit of the first stretch that has one, in the text's order.

    To tell where each token of a text stands costs a millisecond, so that is done for one stretch of it.
    """
    for begin, end in chain(_near(text, terms), _promising(text, terms)):
        located = locate(text[begin:end])
        spans = ((number, span) for number, term in enumerate(terms) for span in _spans_of(located, term))
        hits = {(begin + start, begin + stop, number) for number, (start, stop) in spans}
        if hits:
            return sorted(hits)[:_MAX_SPANS]
    return []


def _near(text: str, terms: tuple[Term, ...]) -> list[tuple[int, int]]:
    """The stretches where the terms stand first, as far as that shows without folding; most of them first."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return []
    places = [place for term in terms if (place := _first(lowered, term)) >= 0]
    stretches = [_stretch(text, place - _OVERLAP) for place in sorted(places)]
    if len(stretches) > 1:
        stretches.sort(key=lambda stretch: -_promise(text[slice(*stretch)], terms))
    return stretches


def _first(lowered: str, term: Term) -> int:
    """Where a term's first token stands with all its others close behind; -1 when nowhere."""
    place = lowered.find(term.tokens[0])
    while place >= 0:
        behind = lowered[place : place + _OVERLAP]
        if all(token in behind for token in term.tokens):
            break
        place = lowered.find(term.tokens[0], place + 1)
    return place


def _promising(text: str, terms: tuple[Term, ...]) -> Iterator[tuple[int, int]]:
    """Every stretch in which a term may stand, those with the most of them first."""
    stretches = [_stretch(text, place) for place in range(0, max(len(text) - _OVERLAP, 1), _STRETCH)]
    promised = [(_promise(text[begin:end], terms), begin, end) for begin, end in stretches]
    for promise, begin, end in sorted(promised, key=lambda found: -found[0]):
        if promise:
            yield begin, end


def _stretch(text: str, place: int) -> tuple[int, int]:
    """A part of a text from `place` on, cut between words."""
    begin = max(place, 0)
    return _cut_before(text, begin), _cut_before(text, min(begin + _STRETCH + _OVERLAP, len(text)))


def _promise(part: str, terms: tuple[Term, ...]) -> int:
    """How many of the terms may stand in a part of a text."""
    folded = fold(part)
    return sum(all(token in folded for token in term.tokens) for term in terms)


def _spans_of(located: Located, term: Term) -> Iterator[tuple[int, int]]:
    *exact, final = term.tokens
    beyond = len(exact)
    tokens = located.tokens
    for index in _places(tokens, term):
        if not (last := tokens[index + beyond : index + beyond + 1]) or tokens[index : index + beyond] != exact:
            continue
        if term.prefix and last[0].startswith(final):
            # A prefix is one character; what it was found in is a pair.
            yield located.span(index)[0], located.span(index + beyond)[0] + 1
        elif last[0] == final:
            yield located.span(index)[0], located.span(index + beyond)[1]


def _places(tokens: list[str], term: Term) -> Iterator[int]:
    """Where a term may begin: its first token settles nearly every place."""
    first = term.tokens[0]
    if term.prefix and len(term.tokens) == 1:
        yield from (index for index, token in enumerate(tokens) if token.startswith(first))
        return
    place = -1
    with suppress(ValueError):
        while True:
            place = tokens.index(first, place + 1)
            yield place


def _best_window(spans: list[tuple[int, int, int]], length: int) -> tuple[int, int]:
    """The first and the last of the hits that fit into `length` and show the most different terms."""
    best, most = (0, 0), (0, 0)
    first = 0
    for last, (_, end, _) in enumerate(spans):
        while first < last and end - spans[first][0] > length:
            first += 1
        shown = spans[first : last + 1]
        worth = (len({number for _, _, number in shown}), len(shown))
        if worth > most:
            best, most = (first, last), worth
    return best


def _around(text: str, hit: tuple[int, int], length: int) -> tuple[int, int]:
    """Grow a hit to about `length` characters, a third of them before it, without cutting words."""
    room = max(length - (hit[1] - hit[0]), 0)
    start = max(hit[0] - room // 3, 0)
    end = min(start + length, len(text))
    start = max(min(start, end - length), 0)
    end = _cut_before(text, end) if end < len(text) else end
    return min(_cut_after(text, start), hit[0]), max(end, min(hit[1], start + length))


def _cut_before(text: str, place: int) -> int:
    """The nearest place at or before `place` that is not inside a word (or `place`, in a very long one)."""
    for cut in range(place, max(place - 40, 0), -1):
        if not _inside_word(text, cut):
            return cut
    return place


def _cut_after(text: str, place: int) -> int:
    for cut in range(place, min(place + 40, len(text))):
        if not _inside_word(text, cut):
            return cut + (text[cut] == " ")
    return place


def _inside_word(text: str, cut: int) -> bool:
    if not 0 < cut < len(text):
        return False
    word = compiled(_WORD_CHARACTER)
    return bool(word.match(text[cut - 1]) and word.match(text[cut]))


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
