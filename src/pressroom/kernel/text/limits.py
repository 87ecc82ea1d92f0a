"""What texts that `markdown.render` refuses have in common, told without rendering them."""

import re

# Far less than what is refused, and more than what people write by hand.
_LONG = 200_000
_TAGS = 200
_NESTING = "> \t*+-0123456789"
_DEEP = re.compile(r"(?:[ \t>*+-]|\d{1,9}[.)]){25}")


def may_refuse(markdown: str) -> bool:
    """Whether a text is long, or holds deep lists, deep quotes or much raw HTML. Most such texts are fine."""
    if len(markdown) > _LONG or markdown.count("<") > _TAGS:
        return True
    return any(_DEEP.match(line) for line in markdown.split("\n") if line[:1] and line[0] in _NESTING)
