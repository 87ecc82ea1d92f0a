"""js-yaml, the parser of Astro and of most static sites, as a reader of what is written here."""

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pressroom.kernel.text.frontmatter import split

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
