"""What a section of the settings is."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field


class Environment(StrEnum):
    """Where the program runs; production refuses weak secrets."""

    development = "development"
    test = "test"
    production = "production"


class Section(BaseModel):
    """One table of `pressroom.toml`: `[name]`, or `PRESSROOM_<NAME>__<FIELD>` in the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    name: ClassVar[str]


def setting(default: Any, help_text: str, *, env: tuple[str, ...] = (), **constraints: Any) -> Any:
    """A documented field of a section.

    Args:
        default: its value when nobody sets it.
        help_text: the line in the table of settings.
        env: names that other programs use for it, accepted as they are.
        constraints: passed to Pydantic (`ge`, `le`, `min_length` …).
    """
    return Field(default, description=help_text, json_schema_extra={"env": list(env)}, **constraints)


S = TypeVar("S", bound=Section)


class Settings:
    """All sections as loaded, by their class: `settings[HttpSettings].port`."""

    def __init__(self, *, environment: Environment, data: Path, sections: Mapping[type[Section], Section]) -> None:
        self.environment = environment
        self.data = data
        self._sections = dict(sections)

    def __getitem__(self, section: type[S]) -> S:
        found = self._sections[section]
        assert isinstance(found, section)  # noqa: S101  # narrows the type; the mapping guarantees it
        return found

    def replacing(self, *sections: Section) -> "Settings":
        """The same settings with some sections exchanged."""
        changed = self._sections | {type(section): section for section in sections}
        return Settings(environment=self.environment, data=self.data, sections=changed)

    @property
    def sections(self) -> tuple[Section, ...]:
        return tuple(self._sections.values())
