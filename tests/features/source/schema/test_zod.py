"""What is refused here is what zod, which checks front matter for Astro, refuses; both read the same file."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressroom.features.posts.words import Words
from pressroom.features.source.checking import Check, plan
from pressroom.features.source.fields import Wanted
from pressroom.features.source.schema import Field, Form, Kind, Origin, typed, validate
from pressroom.kernel.text.frontmatter import split
from pressroom.kernel.text.yaml_writer import dump

pytestmark = pytest.mark.e2e

# Answers each line, `[fields of a form, front matter]`, with the keys in which zod finds something to refuse.
READER = """
const yaml = require('js-yaml');
const {z} = require('zod');
const bounded = (made, f) => {
  if (f.minimum !== null) made = made.min(f.minimum);
  if (f.maximum !== null) made = made.max(f.maximum);
  return made;
};
const number = f => {
  let made = bounded(f.is_whole ? z.number().int() : z.number(), f);
  if (f.above !== null) made = made.gt(f.above);
  if (f.below !== null) made = made.lt(f.below);
  return made;
};
const string = f => bounded(f.is_address ? z.string().url() : z.string(), f);
const kinds = {
  string, text: string, number,
  date: () => z.date(),
  boolean: () => z.boolean(),
  enum: f => f.values.slice(1).reduce((all, each) => all.or(z.literal(each)), z.literal(f.values[0])),
  list: f => bounded(z.array(made(f.item)), f),
  object: f => members(f.fields),
  any: () => z.any().refine(value => value !== undefined),
};
const made = f => f.nullable ? kinds[f.kind](f).nullable() : kinds[f.kind](f);
const asked = f => f.required ? made(f) : made(f).optional();
const members = fields => z.object(Object.fromEntries(fields.map(f => [f.name, asked(f)])));
require('readline').createInterface({input: process.stdin}).on('line', line => {
  const [fields, source] = JSON.parse(line);
  const found = members(fields).safeParse(yaml.load(source) ?? {});
  console.log(JSON.stringify(found.success ? [] : found.error.issues.map(each => each.path[0])));
});
"""


class Zod:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def refused(self, form: Form, front: str) -> set[str]:
        """The keys of a front matter in which zod finds something."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([[asdict(field) for field in form.fields], front]) + "\n")
        self._process.stdin.flush()
        return set(json.loads(self._process.stdout.readline()))


@pytest.fixture(scope="module")
def zod() -> Iterator[Zod]:
    """A running zod, with the parser that reads for it; both come with Astro."""
    missing = pytest.fail if os.environ.get("CI") else pytest.skip
    asked = ["node", "-e", "require('zod'); require('js-yaml')"]
    try:
        found = subprocess.run(asked, capture_output=True, cwd=Path.home(), check=False)
    except FileNotFoundError:
        missing("Node is not installed.")
    if found.returncode:
        missing("zod and js-yaml are not installed: name the node_modules of examples/astro-blog in NODE_PATH.")
    with subprocess.Popen(["node", "-e", READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Zod(process)
        process.kill()


_TEXTS = st.one_of(
    st.sampled_from(["", " ", "🦊🦊", "no", "5", "2024-01-02", "2024-1-2", "easy", "/a", "https://a.b", "foo:", "a b"]),
    st.text("a1:-🦊 ", max_size=5),
)
_NUMBERS = st.one_of(st.integers(-6, 6), st.sampled_from([0.5, 2.0, -3.25, 1e21]))
_JSON = st.recursive(
    st.one_of(_TEXTS, _NUMBERS, st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)),
    max_leaves=4,
)
_VALUES = st.one_of(_JSON, st.dates(date(1000, 1, 2)), st.lists(st.dates(date(1000, 1, 2)), max_size=2))
_BOUND = st.one_of(st.none(), st.integers(0, 4))


@st.composite
def fields(draw: st.DrawFn, name: str, depth: int = 0) -> Field:
    kind = draw(st.sampled_from([each for each in Kind if each is not Kind.image]))
    if depth and kind in (Kind.object, Kind.list):
        kind = Kind.any
    is_number, is_text = kind is Kind.number, kind in (Kind.string, Kind.text)
    is_bounded = is_number or is_text or kind is Kind.list
    inner = st.lists(st.sampled_from("ab"), unique=True, max_size=2)
    return Field(
        name,
        kind,
        required=draw(st.booleans()),
        nullable=draw(st.booleans()),
        values=tuple(draw(st.lists(st.sampled_from(["easy", "5", 5, 2, True]), min_size=1, max_size=3)))
        if kind is Kind.enum
        else (),
        is_whole=is_number and draw(st.booleans()),
        is_address=is_text and draw(st.booleans()),
        minimum=draw(_BOUND) if is_bounded else None,
        maximum=draw(_BOUND) if is_bounded else None,
        above=draw(_BOUND) if is_number else None,
        below=draw(_BOUND) if is_number else None,
        item=draw(fields("", depth + 1)) if kind is Kind.list else None,
        fields=tuple(draw(fields(each, depth + 1)) for each in draw(inner)) if kind is Kind.object else (),
    )


@st.composite
def forms(draw: st.DrawFn, names: str = "vwxyz") -> Form:
    chosen = draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=4))
    return Form(tuple(draw(fields(name)) for name in chosen), Origin.schema)


MANY = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@MANY
@given(form=forms(), front=st.dictionaries(st.sampled_from("vwxyz"), _VALUES, max_size=4))
def test_a_front_matter_is_refused_here_where_zod_refuses_it(zod: Zod, form: Form, front: dict[str, object]) -> None:
    text = dump(front) if front else ""
    problems = validate(split(f"---\n{text}---\n").front, form)
    assert {problem.field.split("/")[1] for problem in problems} == zod.refused(form, text), text


@MANY
@given(
    form=forms(),
    own=st.dictionaries(st.sampled_from("vwxyz"), _JSON, max_size=4),
    before=st.dictionaries(st.sampled_from("vwxyz"), _VALUES, max_size=3),
    title=st.sampled_from(["Hello", "2024", "no", "2024-01-02"]),
)
def test_a_file_that_is_written_passes_and_says_what_was_meant(
    zod: Zod, form: Form, own: dict[str, Any], before: dict[str, object], title: str
) -> None:
    whole = Form((Field("title", Kind.string, required=True), *form.fields), Origin.schema)
    base = f"---\n{dump({'title': 'Before', **before})}---\nWords.\n".encode()
    words = Words(title=title, content="Words.\n", slug="hello", frontmatter=own)
    wanted = Wanted(words=words, draft=False, slug="hello", names=whole.names, form=whole)
    planned = plan(base, "hello.md", wanted, Check(whole, Path("/nowhere"), Path("/nowhere")))
    text = planned.content.decode().removeprefix("---\n").partition("---\n")[0]
    refused = {each.field.removeprefix("/frontmatter").split("/")[1] for each in planned.problems}
    assert refused == zod.refused(whole, text), text
    front = split(planned.content.decode()).front
    assert front["title"] == title
    assert {key: value for key, value in _said(front).items() if key in own} == _said(typed(own, whole))


def _said(value: Any) -> Any:
    """The value as JSON, without what is empty: no key is written for it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _said(each) for key, each in value.items() if each is not None}
    return [_said(each) for each in value] if isinstance(value, list) else value
