"""The rules of the house that no linter knows."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from pressroom.composition import SECTIONS, build_services
from pressroom.features import FEATURES
from pressroom.kernel.errors import every_error
from pressroom.kernel.http.app import build_framework
from pressroom.kernel.settings import load_settings

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "pressroom"
FILES = [path for path in SOURCE.rglob("*.py") if "versions" not in path.parts]
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
USUAL_FUNCTION = 25
KEEPS_TIME = {"kernel/clock.py", "kernel/http/access_log.py"}
COMMITS = {"kernel/db/engine.py", "kernel/uow.py"}


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function's name and its lines of code, docstring aside."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            first = body[0].lineno if body else node.end_lineno
            yield f"{name_of(path)}:{node.name}", node.end_lineno - first + 1


@pytest.fixture
def framework(tmp_path: Path) -> FastAPI:
    settings = load_settings(SECTIONS, environ={"PRESSROOM_ENVIRONMENT": "test"}, folder=tmp_path, data=tmp_path)
    return build_framework(build_services(settings), FEATURES)


def api_routes(framework: FastAPI) -> list[APIRoute]:
    return [route for route in framework.routes if isinstance(route, APIRoute)]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_has_one_reason_and_fits_on_a_few_screens(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE
    assert path.stem not in {"utils", "helpers", "common", "misc", "manager", "base_service"}


def test_functions_are_short() -> None:
    lengths = dict(found for path in FILES for found in functions(path))
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION}
    assert long == {}
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= USUAL_FUNCTION


def test_only_the_clock_tells_the_time() -> None:
    asking = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(")
    assert {name_of(path) for path in FILES if asking.search(path.read_text("utf-8"))} <= {
        *KEEPS_TIME,
        "kernel/http/front_door.py",
        "kernel/http/exchange.py",
    }


def test_only_the_kernel_commits() -> None:
    found = {name_of(path) for path in FILES if re.search(r"\.commit\(\)", path.read_text("utf-8"))}
    assert found <= COMMITS


def test_every_route_says_who_may_call_it(framework: FastAPI) -> None:
    silent = [
        f"{sorted(route.methods or ())} {route.path}"
        for route in api_routes(framework)
        if not any(hasattr(call, "states_access") for call in calls(route))
    ]
    assert silent == []


def calls(route: APIRoute) -> Iterator[object]:
    """Every dependency of a route, those of dependencies included."""
    waiting = list(route.dependant.dependencies)
    while waiting:
        found = waiting.pop()
        waiting += found.dependencies
        yield found.call


def test_operations_have_names_of_their_own(framework: FastAPI) -> None:
    names = [route.operation_id for route in api_routes(framework) if route.include_in_schema]
    assert None not in names
    assert len(names) == len(set(names))


def test_every_error_has_a_code_of_its_own_and_a_sentence(framework: FastAPI) -> None:
    errors = list(every_error())
    codes = [error.code for error in errors]
    assert len(codes) == len(set(codes))
    for error in errors:
        assert re.fullmatch(r"[a-z]+(\.[a-z_]+)?", error.code), error.code
        assert 400 <= error.status < 600
        assert error.title[0].isupper()


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    block = text[text.index("dependencies = [") : text.index("[project.scripts]")]
    lines = [line for line in block.splitlines() if line.strip().startswith('"')]
    assert lines
    assert [line for line in lines if "#" not in line] == []


def test_no_line_is_left_for_later() -> None:
    left = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    assert [name_of(path) for path in FILES if left.search(path.read_text("utf-8"))] == []
