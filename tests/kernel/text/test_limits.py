import pytest

from pressroom.kernel.text.errors import TooComplex
from pressroom.kernel.text.limits import may_refuse
from pressroom.kernel.text.markdown import render

USUAL = """# A heading

Some *words*, a [link](https://example.com/), <kbd>Ctrl</kbd> and `code`.

- one
  - two
    - three

> quoted
> > twice

| a | b |
|---|---|
| 1 | 2 |

```python
if True:
    pass
```

---
"""
REFUSED = {
    "quotes": "> " * 200 + "deep",
    "tight quotes": ">" * 200 + "deep",
    "lists": "\n".join(f"{'  ' * depth}- x" for depth in range(80)),
    "tabbed lists": "\n".join("\t" * depth + "- x" for depth in range(80)),
    "numbered lists": "1. " * 80 + "x",
    "one line of lists": "- " * 80 + "x",
    "tags": "<b>" * 600,
    "lines": "x\n" * 100_001,
    "blocks": "- x\n\n" * 60_000,
}


def test_what_people_write_is_not_suspected() -> None:
    assert not may_refuse(USUAL * 20)


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_was_suspected(kind: str) -> None:
    with pytest.raises(TooComplex):
        render(REFUSED[kind])
    assert may_refuse(REFUSED[kind])
