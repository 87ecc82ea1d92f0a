"""Reading settings: `pressroom.toml` under `.env` and `.env.{ENVIRONMENT}` under the environment."""

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from dotenv import dotenv_values
from pydantic import ValidationError

from pressroom.kernel.errors import CannotStart
from pressroom.kernel.settings.section import Environment, Section, Settings

PREFIX = "PRESSROOM_"
Target = tuple[str, str]
"""`(section, field)`"""
Value = tuple[Any, str]
"""What it is set to, and where."""
Given = dict[Target, Value]
TOP_LEVEL = {"PRESSROOM_DATA", "PRESSROOM_ENVIRONMENT", "PRESSROOM_SERVE_LOCAL"}


class SettingsError(CannotStart):
    """A setting that cannot be used; the message names it and says what to write instead."""


def load_settings(
    sections: Iterable[type[Section]],
    *,
    environ: Mapping[str, str],
    folder: Path,
    data: Path | None = None,
) -> Settings:
    """Reads and checks all settings.

    Args:
        sections: every section class of the program.
        environ: the process's environment.
        folder: where `pressroom.toml` and `.env` are looked for.
        data: the data folder, where the caller already knows it.

    Raises:
        SettingsError: an unknown name, a value of the wrong kind, a file that cannot be read.
    """
    classes = {section.name: section for section in sections}
    environment = _environment(environ, folder)
    layers = [
        (".env", _dotenv(folder / ".env")),
        (f".env.{environment}", _dotenv(folder / f".env.{environment}")),
        ("the environment", environ),
    ]
    given = _read_toml(folder / "pressroom.toml", classes)
    for place, layer in layers:
        given |= dict(_named_values(layer, classes, place))
    data = data or Path(_last(layers, "PRESSROOM_DATA") or "data")
    built = {cls: _build(cls, given) for cls in classes.values()}
    return Settings(environment=environment, data=data.absolute(), sections=built)


def _last(layers: Iterable[tuple[str, Mapping[str, str]]], name: str) -> str | None:
    found = [layer[name] for _, layer in layers if layer.get(name)]
    return found[-1] if found else None


def _environment(environ: Mapping[str, str], folder: Path) -> Environment:
    files = _dotenv(folder / ".env")
    for name in ("PRESSROOM_ENVIRONMENT", "ENVIRONMENT"):
        if value := environ.get(name) or files.get(name):
            try:
                return Environment(value.strip().lower())
            except ValueError:
                known = ", ".join(Environment)
                raise SettingsError(f"{name}={value!r} is not an environment. Use one of: {known}.") from None
    return Environment.production


def _dotenv(path: Path) -> dict[str, str]:
    try:
        found = dotenv_values(path) if path.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} cannot be read: {_reason(error)}") from None
    return {name: value for name, value in found.items() if value is not None}


def _read_toml(path: Path, classes: Mapping[str, type[Section]]) -> Given:
    try:
        tables = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} cannot be read: {_reason(error)}") from None
    given: Given = {}
    for name, table in tables.items():
        if name not in classes or not isinstance(table, dict):
            raise SettingsError(f"{path.name}: [{name}] is not a section.{_nearest(name, classes)}")
        for field, value in table.items():
            if field not in classes[name].model_fields:
                hint = _nearest(field, classes[name].model_fields)
                raise SettingsError(f"{path.name}: [{name}] has no setting {field!r}.{hint}")
            given[name, field] = (value, f"[{name}] {field} in {path.name}")
    return given


def _named_values(
    layer: Mapping[str, str], classes: Mapping[str, type[Section]], place: str
) -> Iterator[tuple[Target, Value]]:
    """What one layer sets. Where two names set the same, Pressroom's own comes last and wins."""
    names = known_names(classes.values())
    for name in layer:
        if name.startswith(PREFIX) and name not in TOP_LEVEL and not name.startswith("PRESSROOM_TEST_"):
            _check_known(name, names)
    for name, target in sorted(names.items(), key=lambda item: item[0].startswith(PREFIX)):
        text = _value_or_file(layer, name)
        if text is not None:
            section, field = target
            yield target, (_decode(classes[section], field, text, name), f"{name} in {place}")


def _check_known(name: str, names: Iterable[str]) -> None:
    if name not in names and name.removesuffix("_FILE") not in names:
        raise SettingsError(f"{name} is not a setting.{_nearest(name, [*names, *TOP_LEVEL])}")


def known_names(sections: Iterable[type[Section]]) -> dict[str, tuple[str, str]]:
    """Every environment name and what it sets: `{NAME: (section, field)}`."""
    names: dict[str, tuple[str, str]] = {}
    for cls in sections:
        for field, info in cls.model_fields.items():
            names[f"{PREFIX}{cls.name}__{field}".upper()] = (cls.name, field)
            extra = info.json_schema_extra
            if isinstance(extra, dict):
                for alias in extra.get("env") or ():  # type: ignore[union-attr]  # always a list, see setting()
                    names[str(alias)] = (cls.name, field)
    return names


def _value_or_file(environ: Mapping[str, str], name: str) -> str | None:
    if path := environ.get(f"{name}_FILE"):
        if environ.get(name):
            raise SettingsError(f"{name} and {name}_FILE are both set. Keep one of them.")
        try:
            return Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}_FILE={path} cannot be read: {_reason(error)}") from None
    return environ.get(name)


def _decode(cls: type[Section], field: str, text: str, source: str) -> Any:
    annotation = cls.model_fields[field].annotation
    if not _is_container(annotation):
        return text
    if text.lstrip().startswith(("[", "{")):
        try:
            return json.loads(text)
        except ValueError:
            raise SettingsError(f"{source} is not valid JSON.") from None
    return [part.strip() for part in text.split(",") if part.strip()]


def _is_container(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin is UnionType:
        return any(_is_container(part) for part in get_args(annotation))
    return origin in (list, tuple, set, dict)


def _build(cls: type[Section], given: Given) -> Section:
    values = {field: value for (section, field), (value, _) in given.items() if section == cls.name}
    try:
        return cls.model_validate(values)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        lines = [f"{_source(cls, problem['loc'], given)}: {problem['msg']}." for problem in problems]
        raise SettingsError("\n".join(lines)) from None


def _source(cls: type[Section], location: tuple[int | str, ...], given: Given) -> str:
    field = str(location[0]) if location else ""
    unset = ("", f"{PREFIX}{cls.name}__{field}".upper())
    return given.get((cls.name, field), unset)[1]


def _reason(error: Exception) -> str:
    """Why a file cannot be read, without what is in it."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(error.strerror) if isinstance(error, OSError) else str(error)


def _nearest(name: str, known: Iterable[str]) -> str:
    by_end = {each.removeprefix(PREFIX): each for each in known}
    close = difflib.get_close_matches(name.removeprefix(PREFIX), by_end, n=1, cutoff=0.5)
    return f" Did you mean {by_end[close[0]]}?" if close else " See docs/settings.md."
