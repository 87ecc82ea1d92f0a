"""A build writes into a folder of its own wherever its command can be told to, and never into the live one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pressroom.features.site.external import OutputIsLive
from pressroom.features.site.external.plan import Plan, plan_build
from pressroom.features.source.recognise import Generator, SourceSite

MakeSite = Callable[..., SourceSite]
SCRATCH = Path("/releases/scratch")


def plan(site: SourceSite) -> Plan:
    return plan_build(site, scratch=SCRATCH)


@pytest.mark.parametrize(
    ("generator", "command", "flags"),
    [
        ("hugo", "hugo --minify", ("--destination", str(SCRATCH))),
        ("eleventy", "npx @11ty/eleventy", ("--output", str(SCRATCH))),
        ("jekyll", "bundle exec jekyll build", ("--destination", str(SCRATCH))),
        ("astro", "pnpm exec astro build", ("--outDir", "{root}/node_modules/.cache/pressroom/site")),
    ],
)
def test_a_generator_is_told_where_to_write(
    generator: str, command: str, flags: tuple[str, str], make_site: MakeSite
) -> None:
    site = make_site(command, generator=Generator(generator))
    wanted = tuple(flag.format(root=site.root) for flag in flags)
    assert plan(site) == Plan((*command.split(), *wanted), Path(wanted[1]), is_fresh=True)


@pytest.mark.parametrize(
    ("manager", "command", "between"),
    [
        ("npm", "npm run build", ("--",)),
        ("pnpm", "pnpm run build", ()),
        ("pnpm", "pnpm build", ()),
        ("yarn", "yarn run build", ()),
        ("bun", "bun run build", ()),
    ],
)
def test_flags_reach_the_generator_through_its_script(
    manager: str, command: str, between: tuple[str, ...], make_site: MakeSite
) -> None:
    scripts = {"build": "astro check && NODE_ENV=production astro build"}
    found = plan(make_site(command, generator=Generator.astro, manager=manager, scripts=scripts))
    assert found.argv == (*command.split(), *between, "--outDir", str(found.output))


@pytest.mark.parametrize(
    ("command", "scripts"),
    [
        ("npm run build", {"build": "astro build && pagefind --site dist"}),
        ("npm run build", {"build": "astro build", "postbuild": "pagefind --site dist"}),
        ("npm run build", {"build": "astro build --outDir www"}),
        ("npm run build", {"build": "node build.mjs"}),
        ("astro build --outDir=www", None),
        ("astro dev", None),
        ("make site", None),
        ("npm run", {}),
    ],
)
def test_a_command_that_cannot_be_told_writes_where_it_always_does(
    command: str, scripts: dict[str, str] | None, make_site: MakeSite
) -> None:
    site = make_site(command, generator=Generator.astro, scripts=scripts)
    assert plan(site) == Plan(tuple(command.split()), site.root / "dist", is_fresh=False)


@pytest.mark.parametrize("command", ["astro build && cp a dist", "NAME='x' astro build", "astro build > log"])
def test_a_command_for_the_shell_goes_to_the_shell_whole(command: str, make_site: MakeSite) -> None:
    found = plan(make_site(command, generator=Generator.astro))
    assert (found.argv, found.is_fresh) == (("/bin/sh", "-c", command), False)


def test_a_command_that_would_write_into_the_live_release_is_refused(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site("make site")
    (site.root / "dist").symlink_to(tmp_path)
    with pytest.raises(OutputIsLive, match="dist"):
        plan(site)
