"""Reading settings: `pressroom.toml` under `.env` and `.env.{ENVIRONMENT}` under the environment."""

import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from dotenv import dotenv_values
from pydantic import ValidationError

from pressroom.kernel.settings.section import Environment, Section, Settings

PREFIX = "PRESSROOM_"
TOP_LEVEL = {"PRESSROOM_DATA", "PRESSROOM_ENVIRONMENT", "PRESSROOM_SERVE_LOCAL"}


class SettingsError(Exception):
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
    merged = {**_dotenv(folder / ".env"), **_dotenv(folder / f".env.{environment}"), **environ}
    values = _read_toml(folder / "pressroom.toml", classes)
    for section, field, text, source in _named_values(merged, classes):
        values.setdefault(section, {})[field] = _decode(classes[section], field, text, source)
    data = data or Path(merged.get("PRESSROOM_DATA") or "data")
    built = {cls: _build(cls, values.get(name, {})) for name, cls in classes.items()}
    return Settings(environment=environment, data=data.absolute(), sections=built)


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
    if not path.is_file():
        return {}
    return {name: value for name, value in dotenv_values(path).items() if value is not None}


def _read_toml(path: Path, classes: Mapping[str, type[Section]]) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name}: {error}") from error
    for name, table in tables.items():
        if name not in classes or not isinstance(table, dict):
            raise SettingsError(f"{path.name}: [{name}] is not a section.{_nearest(name, classes)}")
        for field in table:
            if field not in classes[name].model_fields:
                hint = _nearest(field, classes[name].model_fields)
                raise SettingsError(f"{path.name}: [{name}] has no setting {field!r}.{hint}")
    return tables


def _named_values(
    environ: Mapping[str, str], classes: Mapping[str, type[Section]]
) -> Iterable[tuple[str, str, str, str]]:
    names = known_names(classes.values())
    ours = {name: target for name, target in names.items() if not name.startswith(PREFIX)}
    for alias, (section, field) in ours.items():
        if found := _value_or_file(environ, alias):
            yield section, field, found, alias
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in TOP_LEVEL or name.startswith("PRESSROOM_TEST_"):
            continue
        base = name.removesuffix("_FILE") if name not in names else name
        if base not in names:
            raise SettingsError(f"{name} is not a setting.{_nearest(name, [*names, *TOP_LEVEL])}")
        found = _value_or_file(environ, base)
        if found is not None:
            section, field = names[base]
            yield section, field, found, base


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
    if name in environ:
        return environ[name]
    if path := environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{name}_FILE={path}: {error}") from error
    return None


def _decode(cls: type[Section], field: str, text: str, source: str) -> Any:
    annotation = cls.model_fields[field].annotation
    if not _is_container(annotation):
        return text
    if text.lstrip().startswith(("[", "{")):
        try:
            return json.loads(text)
        except ValueError as error:
            raise SettingsError(f"{source}: {error}") from error
    return [part.strip() for part in text.split(",") if part.strip()]


def _is_container(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin is UnionType:
        return any(_is_container(part) for part in get_args(annotation))
    return origin in (list, tuple, set, dict)


def _build(cls: type[Section], values: Mapping[str, Any]) -> Section:
    try:
        return cls.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        env = f"{PREFIX}{cls.name}__{field}".upper()
        raise SettingsError(f"[{cls.name}] {field} ({env}): {first['msg']}.") from None


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]}?" if close else " See docs/settings.md."
