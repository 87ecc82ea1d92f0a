"""The content configuration is read as text, the ways people write it."""

from pathlib import Path

import pytest

from pressroom.features.source.recognise.astro import Collection, read_config


def collections(root: Path, script: str, *, at: str = "src/content.config.ts", **others: str) -> dict[str, Collection]:
    for name, text in ({at: script} | others).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return {each.name: each for each in read_config(root).collections}


SHAPES = {
    "glob with a base": """
        const blog = defineCollection({ loader: glob({ pattern: '**/*.{md,mdx}', base: './src/data/blog' }) });
        export const collections = { blog };
    """,
    "another name outside than inside": """
        const postsCollection = defineCollection({ loader: glob({ base: "src/data/blog", pattern: "**/*.md" }) })
        export const collections: Record<string, unknown> = { 'blog': postsCollection }
    """,
    "a constant in a template": """
        export const BLOG_PATH = "src/data/blog";
        const blog = defineCollection({ loader: glob({ pattern: "**/[^_]*.md", base: `./${BLOG_PATH}` }) });
        export const collections = { blog };
    """,
    "the folder in the pattern": """
        const blog = defineCollection({ loader: glob({ pattern: 'src/data/blog/**/*.md' }) });
        export const collections = { blog };
    """,
    "defined in place": """
        export const collections = {
          blog: defineCollection({ loader: glob({ base: './src/data/blog', pattern: ['**/*.md'] }), }),
        };
    """,
    "comments and brackets in strings": """
        // const blog = defineCollection({ loader: glob({ base: './wrong' }) });
        /* export const collections = { wrong }; */
        const blog = defineCollection({
          loader: glob({ /* base: './wrong' */ pattern: '**/*.md)', base: './src/data/blog' }), // glob({
        });
        export const collections = { blog };
    """,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_folder_of_a_collection_is_found(shape: str, tmp_path: Path) -> None:
    found = collections(tmp_path, SHAPES[shape])
    assert {name: each.folder for name, each in found.items()} == {"blog": (tmp_path / "src/data/blog").resolve()}


def test_a_constant_may_come_from_another_file(tmp_path: Path) -> None:
    script = """
        import { SITE, BLOG_PATH } from "@/paths";
        const blog = defineCollection({ loader: glob({ pattern: "**/*.md", base: `./${BLOG_PATH}` }) });
        export const collections = { blog };
    """
    found = collections(tmp_path, script, **{"src/paths.ts": 'export const BLOG_PATH = "src/data/blog";'})
    assert found["blog"].folder == (tmp_path / "src/data/blog").resolve()


def test_without_a_loader_a_collection_lies_where_it_always_did(tmp_path: Path) -> None:
    script = "const posts = defineCollection({ type: 'content' }); export const collections = { posts }"
    found = collections(tmp_path, script, at="src/content/config.ts")
    assert found["posts"].folder == (tmp_path / "src/content/posts").resolve()


@pytest.mark.parametrize("loader", ["file('src/data/people.json')", "glob({ base: pick(), pattern: '*.md' })"])
def test_what_only_running_it_could_tell_is_left_out(loader: str, tmp_path: Path) -> None:
    script = f"const people = defineCollection({{ loader: {loader} }}); export const collections = {{ people }}"
    assert collections(tmp_path, script) == {}


def test_nothing_of_the_configuration_is_run(tmp_path: Path) -> None:
    script = "require('fs').writeFileSync('ran', ''); export const collections = { posts: defineCollection({}) }"
    collections(tmp_path, script)
    assert not (tmp_path / "ran").exists()


def test_dates_that_may_be_text_and_pictures_are_told_apart(tmp_path: Path) -> None:
    script = """
        const posts = defineCollection({
          schema: ({ image }) => z.object({ published: z.date(), updated: z.coerce.date().optional(), cover: image() }),
        });
        export const collections = { posts };
    """
    found = collections(tmp_path, script)["posts"]
    assert (set(found.text_dates), set(found.images)) == ({"updated"}, {"cover"})


@pytest.mark.parametrize("script", ["", "{{{{", "export const collections = ", "defineCollection(", "'" * 1001])
def test_a_broken_configuration_names_nothing(script: str, tmp_path: Path) -> None:
    assert collections(tmp_path, script) == {}
