"""What generators really print, recorded, and what a writer is told: the post, the field, the line."""

from collections.abc import Callable

import pytest

from pressroom.features.site.external import Failure, FieldProblem
from pressroom.features.site.external.explaining import explain, last_words
from pressroom.features.source.recognise import Generator, SourceSite

MakeSite = Callable[..., SourceSite]
UNCLOSED = '---\ntitle: "a\npublished: 2024-01-01\n---\nx\n'
# What our own reading says of it, whichever way the tool puts it.
UNCLOSED_AT = {"message": "Found unexpected end of stream.", "line": 4, "column": 1}


def told(site: SourceSite, output: str, **posts: str) -> Failure | None:
    for name, text in posts.items():
        (site.content / name.replace("_md", ".md").replace("_mdx", ".mdx")).write_text(text)
    return explain(site, output.format(root=site.root).splitlines())


@pytest.fixture
def astro(make_site: MakeSite) -> SourceSite:
    return make_site("astro build", generator=Generator.astro, content="src/content/posts")


ENTRY_5_18 = """\
20:48:25 [content] Syncing content
[InvalidContentEntryDataError] posts → bad data does not match collection schema.

  title**: **title: Expected type `"string"`, received `"number"`
  readingMetadata.time**: **readingMetadata.time: Required

  Hint:
    See https://docs.astro.build/en/guides/content-collections/ for more information on content schemas.
  Error reference:
    https://docs.astro.build/en/reference/errors/invalid-content-entry-data-error/
  Location:
    {root}/src/content/posts/bad.md:0:0
  Stack trace:
    at getEntryDataAndImages (file://{root}/node_modules/astro/dist/content/utils.js:168:26)
"""
ENTRY_5_3 = """\
[InvalidContentEntryDataError] posts → bad data does not match collection schema.
title: Required
  Location:
    {root}/src/content/posts/bad.md:0:0
"""


def test_astro_names_the_entry_and_its_fields_and_the_line_is_looked_up(astro: SourceSite) -> None:
    failure = told(astro, ENTRY_5_18, bad_md="---\npublished: 2024-01-01\ntitle: 3\n---\ntitle: no\n")
    assert failure == Failure(
        'title: Expected type `"string"`, received `"number"`',
        collection="posts",
        entry="bad",
        post="bad.md",
        fields=(
            FieldProblem("title", 'Expected type `"string"`, received `"number"`'),
            FieldProblem("readingMetadata.time", "Required"),
        ),
        line=3,
    )


def test_a_missing_field_has_no_line(astro: SourceSite) -> None:
    failure = told(astro, ENTRY_5_18.replace("title", "subtitle"), bad_md="---\ntitle: 3\n---\nsubtitle: in the text\n")
    assert failure is not None
    assert (failure.fields[0].field, failure.line) == ("subtitle", None)


def test_an_entry_without_a_place_is_found_by_its_name(astro: SourceSite) -> None:
    (astro.content / "deep").mkdir()
    (astro.content / "deep/Bad.md").write_text("---\ntitle: 3\n---\n")
    failure = told(astro, ENTRY_5_18.partition("  Hint")[0].replace("→ bad", "→ deep/bad"))
    assert failure is not None
    assert failure.post == "deep/Bad.md"


def test_front_matter_that_is_no_yaml_is_placed_by_our_own_reading(astro: SourceSite) -> None:
    output = """\
unexpected end of the stream within a double quoted scalar
  Location:
    {root}/src/content/posts/bad.md:3:0
  Stack trace:
    at generateError (file://{root}/node_modules/js-yaml/dist/js-yaml.mjs:1140:12)
"""
    assert told(astro, output, bad_md=UNCLOSED) == Failure(post="bad.md", **UNCLOSED_AT)  # type: ignore[arg-type]


def test_a_mistake_in_mdx_has_its_line(astro: SourceSite) -> None:
    output = """\
20:48:31 [ERROR] [vite] ✗ Build failed in 658ms
[@mdx-js/rollup] Could not parse expression with acorn
file: {root}/src/content/posts/bad.mdx:11:4
  Location:
    {root}/src/content/posts/bad.mdx:11:4
  Stack trace:
    at Object.transform (file://{root}/node_modules/@astrojs/mdx/dist/vite-plugin-mdx.js:62:15)
"""
    (astro.content / "bad.mdx").write_text("---\ntitle: a\n---\n{1+}\n")
    failure = told(astro, output)
    assert failure == Failure("Could not parse expression with acorn", post="bad.mdx", line=11, column=4)


def test_an_image_that_is_missing_is_looked_for_in_the_posts(astro: SourceSite) -> None:
    output = """\
[ImageNotFound] [commonjs--resolver] Could not find requested image `./nix.png`. Does it exist?
  Hint:
    This is often caused by a typo in the image path.
  Location:
    {root}/node_modules/astro/dist/content/vite-plugin-content-assets.js:31:17
"""
    failure = told(astro, output, bad_md="---\ntitle: a\n---\n![](./nix.png)\n", good_md="x")
    assert failure == Failure("There is no image ./nix.png.", post="bad.md")
    several = told(astro, output, good_md="---\n---\n![](./nix.png)")
    assert several == Failure("There is no image ./nix.png.")


def test_a_page_that_breaks_while_it_is_made_has_its_address(astro: SourceSite) -> None:
    output = """\
20:48:35 ▶ src/pages/p/[...id].astro
20:48:35   ├─ /p/good/index.html (+2ms)
20:48:35   └─ /p/bad/index.htmlExpected component `Foo` to be defined: you likely forgot to import it.
  Hint:
    This issue often occurs when your MDX component encounters runtime errors.
"""
    failure = told(astro, output)
    assert failure is not None
    assert (failure.page, failure.message[:24]) == ("/p/bad/", "Expected component `Foo`")


def test_a_file_of_the_theme_is_to_blame_and_no_post(astro: SourceSite) -> None:
    (astro.root / "src/pages").mkdir()
    (astro.root / "src/pages/broken.astro").write_text("---\nconst a = ;\n---\n")
    output = 'Unexpected ";"\n  Location:\n    {root}/src/pages/broken.astro:2:10\n  Stack trace:\n'
    assert told(astro, output) == Failure('Unexpected ";"', file="src/pages/broken.astro", line=2, column=10)


HUGO = """\
Error: Error building site: "{root}/content/posts/bad.md:6:1": failed to extract shortcode: no "nope"
Total in 5 ms
"""
ELEVENTY = """\
[11ty] Problem writing Eleventy templates:
[11ty] 1. Having trouble rendering liquid template ./posts/bad.md (via TemplateContentRenderError)
[11ty] 2. tag "nope" not found, file:./posts/bad.md, line:3, col:1 (via ParseError)
[11ty] 3. tag "nope" not found (via AssertionError)
"""
ELEVENTY_DATE = """\
[11ty] Problem writing Eleventy templates:
[11ty] Data cascade value for `date` (foo) is invalid for ./posts/bad.md
"""
JEKYLL = "  Liquid Exception: Liquid syntax error (line 1): Unknown tag 'nope' in {root}/_posts/bad.md"
JEKYLL_DATE = (
    "   Error: could not read file {root}/_posts/bad.md: Invalid date 'foo': Document '_posts/bad.md' does not."
)
HEXO = "FATAL Something's wrong.\nNunjucks Error: _posts/bad.md [Line 1, Column 10] unknown block tag: nope"
OTHERS = [
    ("hugo", "content/posts", HUGO, 'failed to extract shortcode: no "nope"', 6),
    ("eleventy", "posts", ELEVENTY, 'tag "nope" not found, file:./posts/bad.md, line:3, col:1', 3),
    ("eleventy", "posts", ELEVENTY_DATE, "Data cascade value for `date` (foo) is invalid for ./posts/bad.md", None),
    ("jekyll", "_posts", JEKYLL, "Liquid syntax error (line 1): Unknown tag 'nope'", None),
    ("jekyll", "_posts", JEKYLL_DATE, "Invalid date 'foo': Document '_posts/bad.md' does not.", None),
    ("hexo", "source/_posts", HEXO, "unknown block tag: nope", None),
]


@pytest.mark.parametrize(("generator", "content", "output", "message", "line"), OTHERS)
def test_the_others_name_the_post_too(
    generator: str, content: str, output: str, message: str, line: int | None, make_site: MakeSite
) -> None:
    site = make_site("make", generator=Generator(generator), content=content)
    failure = told(site, output, bad_md="---\ntitle: a\n---\nx\n")
    assert failure is not None
    assert (failure.post, failure.message, failure.line) == ("bad.md", message, line)


ELEVENTY_YAML = """\
[11ty] Problem writing Eleventy templates:
[11ty] 1. Having trouble reading front matter from template ./posts/bad.md (via TemplateContentError)
[11ty] 2. unexpected end of the stream within a double quoted scalar (3:1)
"""
UNREADABLE = [
    (
        "hugo",
        "content/posts",
        'Error: Error building site: "{root}/content/posts/bad.md:3:1": failed to unmarshal YAML: yaml: line 3: found',
    ),
    ("eleventy", "posts", ELEVENTY_YAML),
    (
        "jekyll",
        "_posts",
        "Error: YAML Exception reading {root}/_posts/bad.md: (<unknown>): found unexpected end at line 2 column 8",
    ),
    ("hexo", "source/_posts", "ERROR Process failed: _posts/bad.md\nYAMLException: unexpected end (2:1)\n\n 1 | title"),
]


@pytest.mark.parametrize(("generator", "content", "output"), UNREADABLE)
def test_front_matter_that_cannot_be_read_is_told_alike_for_all(
    generator: str, content: str, output: str, make_site: MakeSite
) -> None:
    site = make_site("make", generator=Generator(generator), content=content)
    assert told(site, output, bad_md=UNCLOSED) == Failure(post="bad.md", **UNCLOSED_AT)  # type: ignore[arg-type]


def test_a_tool_cannot_point_out_of_the_site(astro: SourceSite) -> None:
    failure = told(astro, "broken\n  Location:\n    /etc/passwd:1:1\n")
    assert failure == Failure("broken")
    assert told(astro, "broken\n  Location:\n    ../../../etc/passwd:1:1\n") == failure


@pytest.mark.parametrize("generator", Generator)
def test_a_build_that_names_nothing_names_nothing(generator: Generator, make_site: MakeSite) -> None:
    assert told(make_site("make", generator=generator), "12:00:00 [build] Complete!\nINFO  2 files generated") is None


def test_the_last_line_that_says_something_is_kept_for_what_nobody_knows() -> None:
    lines = ["Compiling", "No ink left.", "    at press (press.js:3)", "npm error Lifecycle script failed", ""]
    assert last_words(lines) == Failure("No ink left.")
    assert last_words([]).message == "The build printed nothing."
