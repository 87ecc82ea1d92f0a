"""The words of the theme's furniture, and how a language writes dates."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from pressroom.features.site.generator.days import day_of
from pressroom.features.site.generator.errors import BuildFailed

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Words:
    """One language's catalogue: phrases by name, `{placeholders}` inside, `name.one` for a count of one."""

    phrases: Mapping[str, str]
    months: tuple[str, ...]
    timezone: tzinfo

    @classmethod
    def parse(cls, *sources: bytes, timezone: tzinfo) -> "Words":
        """A catalogue from JSON files; a later one wins phrase by phrase. One that is no JSON fails the build."""
        try:
            merged = {name: phrase for source in sources for name, phrase in json.loads(source).items()}
        except ValueError as error:
            raise BuildFailed(f"a file of the theme's words is not JSON: {error}") from error
        months = tuple(merged.pop("months"))
        return cls(merged, months, timezone)

    def say(self, name: str, **values: object) -> str:
        """A phrase with its values; an unknown name is a `KeyError`."""
        if values.get("count") == 1 and f"{name}.one" in self.phrases:
            name = f"{name}.one"
        return self.phrases[name].format(**values)

    def date(self, moment: datetime) -> str:
        """The day, as people write it: `20 November 2026`, `2026年11月20日`."""
        day = day_of(moment, self.timezone)
        return self.say("date", day=day.day, month=self.months[day.month - 1], year=day.year)

    def short_date(self, moment: datetime) -> str:
        """The day without its year."""
        day = day_of(moment, self.timezone)
        return self.say("short_date", day=day.day, month=self.months[day.month - 1][:3])


def direction(language: str) -> str:
    """`rtl` for languages written from right to left, else `ltr`."""
    return "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"
