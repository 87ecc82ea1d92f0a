import pytest

from pressroom.kernel.text.markdown import render


@pytest.mark.parametrize(
    ("markdown", "address", "shown"),
    [
        ("See https://example.com/a.", "https://example.com/a", "https://example.com/a"),
        ("(https://example.com/a_(b))", "https://example.com/a_(b)", "https://example.com/a_(b)"),
        ("见https://example.com/a，然后", "https://example.com/a", "https://example.com/a"),
        ("《https://example.com》", "https://example.com", "https://example.com"),
        ("https://example.com/?q=a&b=c", "https://example.com/?q=a&amp;b=c", "https://example.com/?q=a&amp;b=c"),
        ("www.example.com!", "http://www.example.com", "www.example.com"),
        ("write to a.b@example.co.uk.", "mailto:a.b@example.co.uk", "a.b@example.co.uk"),
        ("<https://example.com>", "https://example.com", "https://example.com"),
    ],
)
def test_bare_addresses_become_links(markdown: str, address: str, shown: str) -> None:
    html = render(markdown).html
    assert f'<a href="{address}"' in html
    assert f">{shown}</a>" in html


@pytest.mark.parametrize(
    "markdown",
    ["`https://example.com`", "http:// www.", "a@b", "javascript:alert(1)", "xhttps//x", "ftp.www", "v1.2@3"],
)
def test_what_is_no_address_stays_text(markdown: str) -> None:
    assert "<a" not in render(markdown).html


def test_links_are_not_linked_again() -> None:
    assert render("[https://a.example](https://b.example)").html.count("<a ") == 1
    assert render('<a href="https://b.example">https://a.example</a>').html.count("<a ") == 1
