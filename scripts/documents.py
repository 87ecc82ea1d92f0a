"""Writes the documents that are made from the code: settings, errors, the OpenAPI document, `.env.example`.

Usage: python scripts/documents.py FOLDER   (the project's own folder, or another one to compare with)
"""

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from pydantic import SecretStr
from pydantic.fields import FieldInfo

import pressroom
from pressroom.composition import SECTIONS, build_services
from pressroom.features import FEATURES
from pressroom.kernel.errors import every_error
from pressroom.kernel.http.app import build_framework
from pressroom.kernel.settings import Section, load_settings

SETTINGS = """# Settings

Everything has a working default. What you change goes into `pressroom.toml` (`[section]`, then `name = value`). Over it
stand `.env` and `.env.{ENVIRONMENT}`, and over all the environment, as `PRESSROOM_<SECTION>__<NAME>`. A name that is
not known is refused with the nearest right one. A secret may stand in a file: set `<NAME>_FILE` to its path. Lists are
written with commas.

Besides these: `PRESSROOM_DATA` is the data folder (default `./data`), `ENVIRONMENT` (or `PRESSROOM_ENVIRONMENT`) is
`development`, `test` or `production` (the default).
"""
ERRORS = """# Errors

Every failure answers `application/problem+json` with an `error` member: a `code` for programs, a `message` for people,
`details` per field where there are any, the moment, and the request's id, which stands in the log, too. 4xx mean that
something about the request must change; 5xx mean that something is wrong here, and nothing was changed.

| code | status | what it means |
|---|---|---|
"""
ENV = """# Every setting with its default. Copy to `.env` and take the `#` away where you change something.
# docs/settings.md says more. ENVIRONMENT is development, test or production.
#ENVIRONMENT=production
#PRESSROOM_DATA=./data
"""


def main(folder: Path) -> None:
    """Writes all of them below `folder`."""
    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs/settings.md").write_text(settings_page(), "utf-8")
    (folder / ".env.example").write_text(env_example(), "utf-8")
    (folder / "docs/openapi.json").write_bytes(openapi())
    (folder / "docs/errors.md").write_text(errors_page(), "utf-8")


def settings_page() -> str:
    return SETTINGS + "".join(section_table(section) for section in SECTIONS)


def section_table(section: type[Section]) -> str:
    heading = f"\n## `[{section.name}]`: {(section.__doc__ or '').strip().splitlines()[0]}\n\n"
    rows = [
        f"| `{name}` | {shown(field)} | {field.description}{also(field)} |\n"
        for name, field in section.model_fields.items()
    ]
    return f"{heading}| name | default | what it does |\n|---|---|---|\n{''.join(rows)}"


def shown(field: FieldInfo) -> str:
    text = plain(field)
    return f"`{text}`" if text else "–"


def plain(field: FieldInfo) -> str:
    value: Any = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (tuple, list)):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def also(field: FieldInfo) -> str:
    names = names_elsewhere(field)
    return f" (also `{'`, `'.join(names)}`)" if names else ""


def names_elsewhere(field: FieldInfo) -> list[str]:
    extra = field.json_schema_extra
    return [str(name) for name in extra.get("env") or ()] if isinstance(extra, dict) else []  # type: ignore[union-attr]  # a list


def env_example() -> str:
    return ENV + "".join(line for section in SECTIONS for line in env_lines(section))


def env_lines(section: type[Section]) -> Iterator[str]:
    yield f"\n# {(section.__doc__ or '').strip().splitlines()[0]}\n"
    for name, field in section.model_fields.items():
        yield f"#PRESSROOM_{section.name.upper()}__{name.upper()}={plain(field)}\n"


def errors_page() -> str:
    """Errors of what is loaded only where it is needed stand there, too."""
    root = Path(pressroom.__file__).parent
    for path in sorted(root.rglob("errors.py")):
        import_module(".".join(("pressroom", *path.relative_to(root).with_suffix("").parts)))
    return ERRORS + "".join(f"| `{error.code}` | {error.status} | {error.title} |\n" for error in every_error())


def openapi() -> bytes:
    with TemporaryDirectory() as data:
        settings = load_settings(SECTIONS, environ={}, folder=Path(data), data=Path(data))
        framework = build_framework(build_services(settings), FEATURES)
        return orjson.dumps(framework.openapi(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    for name in [name for name in os.environ if name.startswith("PRESSROOM_")]:
        del os.environ[name]
    main(Path(sys.argv[1]))
