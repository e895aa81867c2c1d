"""Fixture rows as YAML that people read in a review."""

import re
from typing import Any

import yaml


class Quoted(str):
    """Text that stands in quotes whatever it says."""

    __slots__ = ()


def to_yaml(value: list[dict[str, Any]] | dict[str, Any]) -> str:
    """Fixture rows as YAML that reads well in a review: one line a field, code as it looks."""
    return yaml.dump(
        value,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=float("inf"),
    )


# What YAML 1.1, YAML 1.2 or a spreadsheet in between would read as something else than text.
# PyYAML quotes most of it by itself; these it reads as text while others do not.
_LOOKS_LIKE_MORE = re.compile(
    r"[-+.]?\d[\d.,_:eE+-]*|0[xo][0-9a-fA-F]+|[yYnN]|yes|no|on|off|true|false|null|~", re.IGNORECASE
)

# Line breaks to YAML 1.1, which reads them back as another one unless they are escaped.
_UNUSUAL_BREAK = re.compile("[\x85\u2028\u2029]")


class _Dumper(yaml.SafeDumper):
    """Text of several lines as a literal block, natural keys on one line."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        style = None
        if _UNUSUAL_BREAK.search(text):
            style = '"'
        elif "\n" in text:
            style = "|"
        elif _LOOKS_LIKE_MORE.fullmatch(text):
            style = "'"
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def represent_quoted(self, text: Quoted) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", str(text), style="'")

    def represent_rows_or_key(self, values: list) -> yaml.SequenceNode:
        is_key = all(isinstance(value, str) for value in values)
        return self.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=is_key)

    def ignore_aliases(self, data: Any) -> bool:
        return True  # an anchor would tie two rows together for no reason


_Dumper.add_representer(str, _Dumper.represent_text)
_Dumper.add_representer(Quoted, _Dumper.represent_quoted)
_Dumper.add_representer(list, _Dumper.represent_rows_or_key)
