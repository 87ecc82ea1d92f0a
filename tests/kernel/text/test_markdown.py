from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.growth import LINEAR, growth

from pressroom.kernel.text.errors import NotText, TooComplex
from pressroom.kernel.text.markdown import Heading, render
from pressroom.kernel.text.sanitise import clean_article


def html(markdown: str) -> str:
    return render(markdown).html.strip()


def test_headings_have_unique_ids_and_a_named_link_beside_them() -> None:
    rendered = render("# Hello *World*\n\n## 你好 世界\n\n## 你好 世界\n\n### 🎉\n\n## Hello World 2\n\n# Hello World")
    assert rendered.headings == (
        Heading(1, "hello-world", "Hello World"),
        Heading(2, "ni-hao-shi-jie", "你好 世界"),
        Heading(2, "ni-hao-shi-jie-2", "你好 世界"),
        Heading(3, "section", "🎉"),
        Heading(2, "hello-world-2", "Hello World 2"),
        Heading(1, "hello-world-3", "Hello World"),
    )
    assert html("## A & B") == (
        '<div class="heading"><h2 id="a-b">A &amp; B</h2>'
        '<a class="heading-anchor" href="#a-b" aria-label="Link to “A &amp; B”">#</a></div>'
    )


def test_tables_scroll_and_align_by_class() -> None:
    made = html("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert made.startswith('<div class="table-scroll" tabindex="0"><table>')
    assert '<th class="align-center">a</th>' in made
    assert '<td class="align-right">2</td>' in made


def test_tasks_are_labelled_checkboxes() -> None:
    made = html("- [ ] open *x*\n- [x] done\n- none")
    assert (
        '<li class="task"><label><input class="task-checkbox" type="checkbox" disabled=""> open <em>x</em></label></li>'
        in made
    )
    assert '<input class="task-checkbox" checked="" type="checkbox" disabled=""> done</label>' in made
    assert "<li>none</li>" in made


def test_notes_link_there_and_back() -> None:
    made = html("One[^a], two[^b], one again[^a].\n\n[^a]: First.\n[^b]: Second.\n[^c]: Never used.")
    assert '<sup class="footnote-ref"><a href="#fn:1" id="fnref:1" role="doc-noteref">1</a></sup>' in made
    assert '<a href="#fn:1" id="fnref:1:2" role="doc-noteref">1</a>' in made
    assert '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">' in made
    assert (
        '<a class="footnote-backref" href="#fnref:1:2" role="doc-backlink" aria-label="Back to reference 1.2">' in made
    )
    assert "Never used" not in made


def test_labels_speak_the_language_of_the_text() -> None:
    rendered = render("# 标题\n\n这是一段中文文字。[^1]\n\n[^1]: 注。\n\n```py\n" + "english = True\n" * 99 + "```")
    assert rendered.lang == "zh"
    assert 'aria-label="脚注"' in rendered.html
    assert 'aria-label="链接到“标题”"' in rendered.html


def test_chinese_emphasis_works_beside_punctuation() -> None:
    assert html("**注意：**请看**「这里」**吧") == "<p><strong>注意：</strong>请看<strong>「这里」</strong>吧</p>"
    assert html("这是**粗体**字") == "<p>这是<strong>粗体</strong>字</p>"
    assert html("a** b**c") == "<p>a** b**c</p>"


def test_a_line_break_inside_chinese_is_no_space() -> None:
    assert html("中文\n中文，\n中文\nabc\ndef") == "<p>中文中文，中文\nabc\ndef</p>"
    assert render("中文\n中文").plain == "中文中文"
    assert render("한국어\n문장").plain == "한국어 문장"


def test_raw_html_is_allowed_and_cleaned() -> None:
    made = render(
        '<details><summary>More</summary>\n\n**in**\n\n</details>\n\n<script>alert("x")</script>\n\n<b onclick=x>b</b>'
    )
    assert "<details><summary>More</summary>" in made.html
    assert "<strong>in</strong>" in made.html
    assert "script" not in made.html
    assert "onclick" not in made.html
    assert "alert" not in made.plain
    assert "More" in made.plain


def test_strikethrough_pictures_and_links() -> None:
    assert html("~~gone~~") == "<p><s>gone</s></p>"
    assert html("![a *b*](/c.png)") == '<p><img src="/c.png" alt="a b" loading="lazy" decoding="async"></p>'
    assert (
        html("[x](https://e.example) [y](/z)")
        == '<p><a href="https://e.example" rel="noopener">x</a> <a href="/z">y</a></p>'
    )


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("/a/../b.html", "/a/../b.html"),
        ("https://münchen.example/ü", "https://xn--mnchen-3ya.example/%C3%BC"),
        ("/中文", "/%E4%B8%AD%E6%96%87"),
        ("/100%", "/100%25"),
    ],
)
def test_addresses_are_normalised(address: str, normal: str) -> None:
    assert f'href="{normal}"' in html(f"[x]({address})")


def test_code_keeps_its_language_and_is_reachable_by_keyboard() -> None:
    made = html("```py {1}\nx = 1\n```")
    assert made.startswith('<pre class="highlight" tabindex="0"><code class="language-py"><span class="hll">')


def test_plain_text_is_what_a_reader_sees() -> None:
    rendered = render(
        "# Title\n\nFirst *para* with `code`,\nsecond line[^1].\n\n- item\n\n> quote\n\n```\nblock\n```\n\n"
        "Second ![picture](x.png) para.\n\n[^1]: Note."
    )
    assert rendered.plain == (
        "Title\nFirst para with code, second line.\nitem\nquote\nblock\nSecond picture para.\nNote."
    )
    assert rendered.opening == "First para with code, second line.\nSecond picture para."


def test_nul_is_replaced_and_half_characters_are_refused() -> None:
    assert html("a\0b") == "<p>a\ufffdb</p>"
    with pytest.raises(NotText):
        render("a\ud800b")


def test_lists_nest_as_deep_as_people_write_and_nothing_is_dropped() -> None:
    nested = "".join(f"{'  ' * depth}- level {depth}\n" for depth in range(30))
    assert "level 29" in html(nested)
    with pytest.raises(TooComplex, match="more than 50 deep"):
        render("".join(f"{'  ' * depth}- level {depth}\n" for depth in range(60)))


@pytest.mark.parametrize(
    "pattern",
    [
        ">",
        "[",
        "![",
        "*",
        "**a *b ",
        "`",
        "<",
        "(",
        "[](",
        "^[",
        "~~",
        "|a",
        "- [ ] x\n",
        "# h\n",
        "<b>",
        "&#",
        "> - ",
        "\\",
        "[^1]",
    ],
)
def test_no_repetition_takes_long(pattern: str) -> None:
    def repeated(size: int) -> None:
        with suppress(TooComplex):
            render(pattern * (size // len(pattern)))

    assert growth(repeated, 40_000) < LINEAR


@pytest.mark.parametrize(
    "text", ["[" * 1_000_000, "*a " * 300_000, "> " * 500_000, "a\n" * 500_000, "# h\n" * 90_000, "<div>" * 200_000]
)
def test_a_megabyte_of_nonsense_is_named_as_such(text: str) -> None:
    with pytest.raises(TooComplex):
        render(text)


@given(st.text(alphabet=st.sampled_from("ab*_[]()!`~<>#-|:\n\t \\&;^世界，。1."), max_size=120))
def test_any_text_renders_to_clean_html(markdown: str) -> None:
    rendered = render(markdown)
    assert clean_article(rendered.html).count("<") == rendered.html.count("<")
    assert len({heading.id for heading in rendered.headings}) == len(rendered.headings)
