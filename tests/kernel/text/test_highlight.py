import pytest

from pressroom.kernel.text.highlight import MAX_CHARACTERS, code_block


def test_code_is_coloured_by_classes() -> None:
    html = code_block('print("<&>")\n', "py")
    assert html.startswith('<pre class="highlight"><code class="language-py"><span class="nb">print</span>')
    assert "&lt;&amp;&gt;" in html
    assert "style=" not in html


@pytest.mark.parametrize("info", ["py {2,4-5}", "py{2, 4-5}", "py {4-5,2} title=x"])
def test_lines_are_pointed_out(info: str) -> None:
    html = code_block("a\nb\nc\nd\ne\nf\n", info)
    marked = [line for line in html.split("\n") if 'class="hll"' in line]
    assert [line.split("</span>")[-2][-1] for line in marked] == ["b", "d", "e"]


def test_unknown_languages_stay_plain_and_keep_their_name() -> None:
    assert (
        code_block("<x>\n", "no-such")
        == '<pre class="highlight"><code class="language-no-such">&lt;x&gt;\n</code></pre>\n'
    )
    assert code_block("x\n") == '<pre class="highlight"><code>x\n</code></pre>\n'


def test_a_language_cannot_leave_its_attribute() -> None:
    assert 'class="language-onclick"' in code_block("x", '"><onclick>')


def test_leading_and_trailing_blank_lines_stay() -> None:
    assert code_block("\n\nx\n\n", "text").count("\n") == 5


@pytest.mark.parametrize("info", ["py {99999999999}", "py {3-1}", "py {-}", "py {1-99999999999}", "py {,,}", "{}"])
def test_odd_line_numbers_do_no_harm(info: str) -> None:
    assert "</code></pre>" in code_block("x\n", info)


def test_what_nobody_reads_in_colours_stays_plain() -> None:
    assert "<span" not in code_block("x = 1\n" * MAX_CHARACTERS, "py")


def test_code_that_takes_too_long_to_colour_stays_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    assert '<span class="k">' in code_block("if a < b: pass\n", "py")
    monkeypatch.setattr("pressroom.kernel.text.highlight.MOST_SECONDS", -1.0)
    plain = code_block("if a < b: pass\n", "py")
    assert plain == '<pre class="highlight"><code class="language-py">if a &lt; b: pass\n</code></pre>\n'


def test_a_lexer_that_tries_each_place_to_the_end_is_stopped() -> None:
    assert "<span" not in code_block("s{" * 19_000, "perl")
