"""What is written here is read by js-yaml, the parser of Astro and of most static sites, as it is meant."""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.features.source.faithful.hands import KEYS, VALUES, Hand, hands
from tests.features.source.faithful.zoo import ZOO

from pressroom.features.source.faithful import read
from pressroom.kernel.text.frontmatter import split

pytestmark = pytest.mark.e2e
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Answers each line, a front matter in JSON, with its values; a date becomes {"$": milliseconds}.
READER = """
const yaml = require('js-yaml');
const told = value => value instanceof Date ? {$: value.getTime()}
  : Array.isArray(value) ? value.map(told)
  : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, told(v)]))
  : value;
require('readline').createInterface({input: process.stdin}).on('line', line => {
  try { console.log(JSON.stringify({value: told(yaml.load(JSON.parse(line)) ?? {})})); }
  catch (error) { console.log(JSON.stringify({error: error.message})); }
});
"""


class JsYaml:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def load(self, source: bytes) -> Any:
        """The front matter of a file, as js-yaml reads it."""
        text = source.decode()
        body = split(text).body
        fenced = text.removesuffix(body).strip("\ufeff \r\n\t").removeprefix("---").removesuffix("---")
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(fenced) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline(), parse_int=float)
        assert "error" not in answer, f"{answer} for {fenced!r}"
        return answer["value"]


@pytest.fixture(scope="module")
def js_yaml() -> Iterator[JsYaml]:
    """A running js-yaml; `npm install js-yaml` in some folder and name its `node_modules` in NODE_PATH."""
    missing = pytest.fail if os.environ.get("CI") else pytest.skip
    try:
        found = subprocess.run(["node", "-e", "require('js-yaml')"], capture_output=True, cwd=Path.home(), check=False)
    except FileNotFoundError:
        missing("Node is not installed.")
    if found.returncode:
        missing("js-yaml is not installed: run `npm install js-yaml` and name its node_modules in NODE_PATH.")
    with subprocess.Popen(["node", "-e", READER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield JsYaml(process)
        process.kill()


def told(value: object) -> object:
    """A value as the reader tells it."""
    match value:
        case dict():
            return {key: told(item) for key, item in value.items()}
        case list():
            return [told(item) for item in value]
        case datetime():
            return {"$": (value - EPOCH) // timedelta(milliseconds=1)}
        case date():
            return told(datetime(value.year, value.month, value.day, tzinfo=UTC))
        case _:
            return value


@pytest.mark.parametrize("name", [name for name in ZOO if "+++" not in ZOO[name][0]])
def test_the_zoo_before_and_after(name: str, js_yaml: JsYaml) -> None:
    before, changes, after = ZOO[name]
    if split(before).format:
        assert js_yaml.load(before.encode()) == told(dict(read(before.encode()).values))
    read_back = js_yaml.load(after.encode())
    for key, value in changes.items():
        assert read_back.get(key) == told(value)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(hand=hands(), changes=st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1, max_size=4))
def test_what_is_written_is_what_the_site_reads(js_yaml: JsYaml, hand: Hand, changes: dict[str, object]) -> None:
    after = read(hand.raw).edited(changes)
    wanted = {piece.key: piece.value for piece in hand.pieces} | changes
    assert js_yaml.load(after) == told(wanted)
