"""Whatever folder somebody attaches, the project around it is found, or the choice is put into words."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pressroom.features.source.recognise import AmbiguousSite, FolderNotFound, Generator, recognise

Project = Callable[[dict[str, str]], Path]
POST = "---\ntitle: Hi\n---\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Writes `{path: text}` into a fresh git working tree."""

    def project(files: dict[str, str]) -> Path:
        root = tmp_path / "site"
        for name, text in ({".git/HEAD": ""} | files).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return root.resolve()

    return project


def package(*dependencies: str, **more: object) -> str:
    return json.dumps({"dependencies": dict.fromkeys(dependencies, "*")} | more)


SITES = {
    "astro": (
        {"astro.config.mjs": "", "package.json": package("astro"), "src/content/posts/a.md": POST},
        (Generator.astro, "src/content/posts", "posts", "astro build", "dist"),
    ),
    "astro, posts in contents": (
        {"package.json": package("astro"), "src/contents/posts/a.md": POST},
        (Generator.astro, "src/contents/posts", "posts", "astro build", "dist"),
    ),
    "astro, folders renamed": (
        {
            "astro.config.ts": "export default { srcDir: './app', outDir: \"public_html\" }",
            "app/content/blog/a.mdx": POST,
        },
        (Generator.astro, "app/content/blog", "blog", "astro build", "public_html"),
    ),
    "hugo": (
        {"hugo.toml": "publishDir = 'out'", "content/post/a.md": POST, "content/about.md": POST},
        (Generator.hugo, "content/post", None, "hugo", "out"),
    ),
    "hugo, older": (
        {"config.yaml": "contentDir: words", "words/a.md": POST, "layouts/x.html": ""},
        (Generator.hugo, "words", None, "hugo", "public"),
    ),
    "eleventy": (
        {
            "eleventy.config.js": "export default () => ({ dir: { input: 'src', output: 'www' } }) // output: 'no'",
            "src/posts/a.md": POST,
        },
        (Generator.eleventy, "src/posts", None, "eleventy", "www"),
    ),
    "jekyll": (
        {"_config.yml": "title: x", "_posts/2024-01-02-a.md": POST, "Gemfile": "gem 'jekyll'"},
        (Generator.jekyll, "_posts", None, "bundle exec jekyll build", "_site"),
    ),
    "hexo": (
        {"_config.yml": "public_dir: out", "package.json": package("hexo"), "source/_posts/a.md": POST},
        (Generator.hexo, "source/_posts", None, "hexo generate", "out"),
    ),
    "a bare folder": ({"a.md": POST}, (Generator.folder, ".", None, None, None)),
}


@pytest.mark.parametrize("name", SITES)
def test_a_project_is_known_by_what_it_holds(name: str, project: Project) -> None:
    files, (generator, content, collection, build, output) = SITES[name]
    root = project(files)
    site = recognise(root)
    assert (site.generator, site.root, site.content) == (generator, root, (root / content).resolve())
    assert (site.collection, site.build) == (collection, build)
    assert site.output == (root / output if output else None)
    assert site.git == root


def test_the_posts_alone_lead_to_the_project_above_them(project: Project) -> None:
    root = project(
        {
            "astro.config.mjs": "",
            "package.json": package("astro", scripts={"build": "astro check && astro build"}),
            "pnpm-lock.yaml": "",
            "src/content/posts/a.md": POST,
            "src/content/notes/b.md": POST,
        }
    )
    site = recognise(root / "src/content/posts")
    assert (site.root, site.content, site.build) == (root, root / "src/content/posts", "pnpm run build")


def test_a_folder_between_the_project_and_its_posts_leads_to_the_posts(project: Project) -> None:
    root = project({"package.json": package("astro"), "src/content/posts/a.md": POST})
    assert recognise(root / "src").content == root / "src/content/posts"


def test_what_is_said_wins_over_what_is_found(project: Project) -> None:
    root = project({"package.json": package("astro"), "src/content/posts/a.md": POST, "words/b.md": POST})
    site = recognise(root, Path("words"), build="make site", output=Path("www"))
    assert (site.content, site.build, site.output) == (root / "words", "make site", root / "www")


def test_several_folders_of_posts_are_a_question_not_a_guess(project: Project) -> None:
    root = project({"package.json": package("astro"), "src/content/blog/a.md": POST, "src/content/posts/b.md": POST})
    with pytest.raises(AmbiguousSite, match="--content") as refused:
        recognise(root)
    assert refused.value.details["candidates"] == ["src/content/posts", "src/content/blog"]
    assert recognise(root, root / "src/content/blog").collection == "blog"


def test_several_generators_are_a_question(project: Project) -> None:
    root = project({"package.json": package("astro", "@11ty/eleventy"), "posts/a.md": POST})
    with pytest.raises(AmbiguousSite, match="astro, eleventy"):
        recognise(root)


def test_a_workspace_with_one_site_is_that_site_and_with_two_a_question(project: Project) -> None:
    root = project({"apps/blog/package.json": package("astro"), "apps/blog/src/content/posts/a.md": POST})
    assert recognise(root).root == root / "apps/blog"
    project({"apps/docs/package.json": package("astro"), "apps/docs/src/content/posts/a.md": POST})
    with pytest.raises(AmbiguousSite, match="several sites"):
        recognise(root)


def test_a_folder_with_posts_of_its_own_is_meant_even_beside_a_site(project: Project) -> None:
    root = project({"a.md": POST, "tools/package.json": package("astro")})
    assert recognise(root).generator is Generator.folder


def test_a_project_without_posts_says_what_to_do(project: Project) -> None:
    with pytest.raises(FolderNotFound, match="--content"):
        recognise(project({"package.json": package("astro")}))


def test_a_path_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderNotFound):
        recognise(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("lock", "command"),
    [
        ("package-lock.json", "npm run build"),
        ("pnpm-lock.yaml", "pnpm run build"),
        ("yarn.lock", "yarn run build"),
        ("bun.lock", "bun run build"),
    ],
)
def test_the_lock_file_says_which_package_manager_builds(lock: str, command: str, project: Project) -> None:
    scripts = {"build": "astro build"}
    root = project({"package.json": package("astro", scripts=scripts), lock: "", "src/content/posts/a.md": POST})
    assert recognise(root).build == command


def test_a_lock_file_above_belongs_to_the_workspace(project: Project) -> None:
    root = project(
        {
            "pnpm-lock.yaml": "",
            "apps/blog/package.json": package("astro", scripts={"build": "astro build"}),
            "apps/blog/src/content/posts/a.md": POST,
        }
    )
    packages = recognise(root / "apps/blog").packages
    assert packages is not None
    assert (packages.manager, packages.folder, packages.lock) == ("pnpm", root, root / "pnpm-lock.yaml")


def test_package_json_decides_between_two_lock_files(project: Project) -> None:
    both = {"package-lock.json": "", "yarn.lock": "", "src/content/posts/a.md": POST}
    site = recognise(project({"package.json": package("astro", packageManager="npm@11.0.0")} | both))
    assert site.packages is not None
    assert (site.packages.manager, site.packages.others) == ("npm", ("yarn",))
    assert any("several package managers; npm" in line for line in site.describe())


@pytest.mark.parametrize(
    ("files", "version", "source"),
    [
        ({".nvmrc": "v22.3.1\n"}, "22.3.1", ".nvmrc"),
        ({".node-version": "20"}, "20", ".node-version"),
        ({"package.json": package("astro", volta={"node": "18.20.8"}, engines={"node": ">=18"})}, "18.20.8", "volta"),
        ({"package.json": package("astro", engines={"node": ">=18"})}, ">=18", "engines"),
    ],
)
def test_the_wanted_node_is_read_where_people_write_it(
    files: dict[str, str], version: str, source: str, project: Project
) -> None:
    node = recognise(project({"package.json": package("astro"), "src/content/posts/a.md": POST} | files)).node
    assert node is not None
    assert node.version == version
    assert source in node.file


def test_a_build_script_of_something_else_does_not_build_a_hugo_site(project: Project) -> None:
    css = package(scripts={"build": "tailwindcss -o a.css"})
    assert recognise(project({"hugo.toml": "", "content/posts/a.md": POST, "package.json": css})).build == "hugo"
    both = package(scripts={"build": "hugo && pagefind"})
    assert recognise(project({"package.json": both})).build == "npm run build"


def test_a_configuration_that_cannot_be_read_is_said_not_hidden(project: Project) -> None:
    site = recognise(project({"hugo.toml": "publishDir = ", "content/posts/a.md": POST}))
    assert site.output == site.root / "public"
    assert any("hugo.toml cannot be read" in line for line in site.describe())


def test_describe_says_what_was_found_and_what_will_happen(project: Project) -> None:
    scripts = {"build": "astro build"}
    root = project({"package.json": package("astro", scripts=scripts), "src/content/posts/a.md": POST, ".nvmrc": "22"})
    assert recognise(root).describe() == (
        f"{root} is a site made with Astro.",
        "Its posts are in src/content/posts, the collection “posts”.",
        f"It lives in git ({root}). Nothing is committed unless you ask for it.",
        "It asks for Node.js 22 (.nvmrc).",
        f"“npm run build” will be run in {root} for each release; its pages go live when they are whole.",
        "Its packages are installed with npm first when they changed.",
    )


def test_a_bare_folder_is_left_to_the_theme(project: Project) -> None:
    lines = recognise(project({"a.md": POST})).describe()
    assert lines[-1] == "The built-in theme will publish it; nothing of it is run."
