"""YAML as a person would write it: words bare where every reader takes them for words."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import yaml

# Old readers end a line here; between double quotes these are written as escapes.
_BREAKS_OF_YAML_1_1 = re.compile("[\x85\u2028\u2029]")


class _Dumper(yaml.SafeDumper):
    """PyYAML's rules know what YAML 1.1 would misread; those of 1.2 are added, so both read the same."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's signature
        """Lists are indented under their key."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, _: Any) -> bool:
        """The same list twice is written twice; nobody reads `*id001`."""
        return True


def dump(values: Mapping[str, object]) -> str:
    """Write a mapping as block YAML in its own order, ending with a line break."""
    text: str = yaml.dump(
        dict(values), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"), default_flow_style=False
    )
    return text


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    if _BREAKS_OF_YAML_1_1.search(text):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _datetime(dumper: yaml.SafeDumper, moment: datetime) -> yaml.ScalarNode:
    text = moment.isoformat()
    if moment.utcoffset() == UTC.utcoffset(None):
        text = text.removesuffix("+00:00") + "Z"
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", text)


_Dumper.add_representer(str, _string)
_Dumper.add_representer(datetime, _datetime)
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?0o[0-7]+$|[-+]?[0-9]+$"), list("-+0123456789"))
