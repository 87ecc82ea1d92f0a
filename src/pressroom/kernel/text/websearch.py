"""What people type into a search box, as a small tree and as the query languages of the databases.

Words must all be found; `"words in quotes"` must follow each other; `or` (or `|`) parts alternatives and binds
weaker than the words around it; a leading `-` excludes. A word of several parts (`don't`, `node.js`) is a phrase; a
run of Chinese, Japanese or Korean characters is a phrase of its pairs; one such character finds every word it
begins. Only encoded tokens reach a database, so nothing that is typed can break a query's syntax.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pressroom.kernel.text.errors import QueryTooLong
from pressroom.kernel.text.tokens import Piece, encode, fold, pieces

MAX_TERMS = 32
MAX_TOKENS = 128
_MAX_CHARACTERS = 2_000

_SAME_SIGNS = str.maketrans(dict.fromkeys("“”„«»「」『』＂", '"') | {"｜": "|", "－": "-", "−": "-"})
_TYPED = re.compile(r'(-*)"([^"]*)"|(\|)|([^\s"|]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that must follow each other; with `prefix`, the last one may be the beginning of a token."""

    tokens: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """Every wanted term must be found; no group of unwanted terms may be found whole."""

    wanted: tuple[Term, ...]
    unwanted: tuple[tuple[Term, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A search: at least one alternative, each with at least one wanted term."""

    alternatives: tuple[Alternative, ...]

    @property
    def wanted(self) -> tuple[Term, ...]:
        """Every term a hit may show, each once."""
        return tuple(dict.fromkeys(term for each in self.alternatives for term in each.wanted))


def parse(typed: str) -> Query | None:
    """Read what a person typed.

    Returns:
        The query, or None when it names nothing to find: it is empty, has no letters or digits, or only excludes.
        An alternative that only excludes is left out.

    Raises:
        QueryTooLong: more than 32 terms or 128 tokens.
    """
    if len(typed) > _MAX_CHARACTERS:
        raise QueryTooLong(f"Search for less: at most {_MAX_CHARACTERS} characters.")
    alternatives = [Alternative(tuple(w), tuple(u)) for w, u in _alternatives(typed) if w]
    _check_size(alternatives)
    return Query(tuple(alternatives)) if alternatives else None


def to_fts5(query: Query) -> str:
    """The query for SQLite's FTS5 over `index_text`."""
    return " OR ".join(_alternative_fts5(each) for each in query.alternatives)


def to_tsquery(query: Query) -> str:
    """The query for PostgreSQL's `to_tsquery('simple', …)` over `to_tsvector('simple', index_text)`."""
    return " | ".join(_alternative_tsquery(each) for each in query.alternatives)


def _alternatives(typed: str) -> Iterator[tuple[list[Term], list[tuple[Term, ...]]]]:
    wanted: list[Term] = []
    unwanted: list[tuple[Term, ...]] = []
    for minus, quoted, bar, word in _TYPED.findall(typed.translate(_SAME_SIGNS)):
        if bar or fold(word) == "or":
            yield wanted, unwanted
            wanted, unwanted = [], []
            continue
        terms = _word_terms(word) if word else _phrase(list(pieces(fold(quoted))))
        if not (minus or word.startswith("-")):
            wanted += terms
        elif terms:
            unwanted.append(tuple(terms))
    yield wanted, unwanted


def _word_terms(word: str) -> list[Term]:
    """Parts of a spaced script are one phrase; each run of an unspaced one is a term of its own."""
    terms: list[Term] = []
    for unspaced, parts in groupby(pieces(fold(word)), key=lambda piece: piece.unspaced):
        if unspaced:
            terms += (term for part in parts for term in _phrase([part]))
        else:
            terms += _phrase(list(parts))
    return terms


def _phrase(parts: list[Piece]) -> list[Term]:
    if not parts:
        return []
    tokens = [token for part in parts for token in part.tokens]
    last = parts[-1]
    if not last.unspaced:
        return [Term(tuple(tokens))]
    # The text may go on where the phrase ends, so its last character is not asked for alone …
    if len(last.text) > 1:
        return [Term(tuple(tokens[:-1]))]
    # … unless it is all there is.
    return [Term(tuple(tokens), prefix=True)]


def _check_size(alternatives: list[Alternative]) -> None:
    terms = [term for each in alternatives for group in (each.wanted, *each.unwanted) for term in group]
    if len(terms) > MAX_TERMS or sum(len(term.tokens) for term in terms) > MAX_TOKENS:
        raise QueryTooLong(f"Search for less: at most {MAX_TERMS} words or phrases.")


def _alternative_fts5(alternative: Alternative) -> str:
    wanted = " AND ".join(map(_term_fts5, alternative.wanted))
    if not alternative.unwanted:
        return f"({wanted})"
    unwanted = " OR ".join(f"({' AND '.join(map(_term_fts5, group))})" for group in alternative.unwanted)
    return f"(({wanted}) NOT ({unwanted}))"


def _term_fts5(term: Term) -> str:
    return f'"{" ".join(map(encode, term.tokens))}"' + (" *" if term.prefix else "")


def _alternative_tsquery(alternative: Alternative) -> str:
    wanted = [_term_tsquery(term) for term in alternative.wanted]
    unwanted = [f"!({' & '.join(map(_term_tsquery, group))})" for group in alternative.unwanted]
    return f"({' & '.join(wanted + unwanted)})"


def _term_tsquery(term: Term) -> str:
    return f"({' <-> '.join(map(encode, term.tokens))}{':*' if term.prefix else ''})"
