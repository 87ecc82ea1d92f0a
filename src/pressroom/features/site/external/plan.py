"""How a site is built: which words are run, and where the pages will be.

A build that can be told where to write is told a fresh folder. The others write where they always do, and the result
is copied out. Which is which depends on the last command that the words stand for:

| generator | told by | the fresh folder |
|---|---|---|
| Astro | `--outDir` | inside the project: given one outside, Astro 5 uses `.astro` as scratch, then deletes it |
| Hugo | `--destination` | anywhere |
| Eleventy | `--output` | anywhere |
| Jekyll | `--destination` | anywhere |
"""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from pressroom.features.site.external.errors import OutputIsLive
from pressroom.features.source.recognise import Generator, SourceSite

_SHELL = re.compile(r"[|&;<>()$`\\\n*?~{}]")
_FLAGS = {
    Generator.astro: ("astro", "--outDir"),
    Generator.hugo: ("hugo", "--destination"),
    Generator.eleventy: ("eleventy", "--output"),
    Generator.jekyll: ("jekyll", "--destination"),
}
_OTHER_FLAGS = frozenset({"-d", "--destination", "--outDir", "--output"})
_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_PREFIXES = frozenset({"npx", "bunx", "pnpm", "yarn", "bun", "exec", "bundle", "cross-env", "run", "x", "--no-install"})
_ASSIGNMENT = re.compile(r"\w+=.*")


@dataclass(frozen=True, slots=True)
class Plan:
    """One build.

    Attributes:
        argv: the words to run in the site's folder.
        output: the folder that will hold the pages.
        is_fresh: nobody else uses that folder; it is thrown away afterwards.
    """

    argv: tuple[str, ...]
    output: Path
    is_fresh: bool


def plan_build(site: SourceSite, *, scratch: Path) -> Plan:
    """Decides how to run the site's command; `scratch` is a path where nothing is yet.

    Raises:
        OutputIsLive: the command writes into a folder that is a link, which is how a live release looks.
    """
    command, output = site.build or "", site.output or site.root / "dist"
    is_for_shell = _SHELL.search(command) or _ASSIGNMENT.match(command)
    words = () if is_for_shell else tuple(shlex.split(command))
    flag, separator = _flag(site, words)
    if flag:
        fresh = _fresh_folder(site, scratch)
        return Plan((*words, *separator, flag, str(fresh)), fresh, is_fresh=True)
    if output.is_symlink() or output == site.root:
        raise OutputIsLive(f"“{command}” writes into {output}.")
    return Plan(words or ("/bin/sh", "-c", command), output, is_fresh=False)


def _fresh_folder(site: SourceSite, scratch: Path) -> Path:
    """In `node_modules` neither git, nor a development server, nor Tailwind looks at what is being written."""
    return (
        site.root / "node_modules" / ".cache" / "pressroom" / "site" if site.generator is Generator.astro else scratch
    )


def _flag(site: SourceSite, words: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """The flag that names the output folder, if the last word of these is where it may be added."""
    tool, flag = _FLAGS.get(site.generator, (None, None))
    script = _script_name(words)
    if script is None:
        return (flag if _runs(words, tool) else None), ()
    scripts = site.packages.scripts if site.packages else {}
    last = scripts.get(script, "").rpartition("&&")[2]
    if f"post{script}" in scripts or _SHELL.search(last) or not _runs(tuple(shlex.split(last)), tool):
        return None, ()
    # npm takes flags after a lone `--`; the others would hand that on to the tool.
    return flag, ("--",) if words[0] == "npm" and "--" not in words else ()


def _script_name(words: tuple[str, ...]) -> str | None:
    """`build` of `pnpm run build` and `yarn build`; None for words that run no script."""
    if not words or words[0] not in _MANAGERS:
        return None
    rest = [word for word in words[1:] if not word.startswith("-")]
    is_run = rest[:1] in (["run"], ["run-script"])
    if is_run:
        return rest[1] if len(rest) > 1 else None
    return rest[0] if rest and rest[0] not in {"exec", "x", "dlx"} and words[0] in {"pnpm", "yarn"} else None


def _runs(words: tuple[str, ...], tool: str | None) -> bool:
    """Whether these words run the tool's build and leave the output folder open."""
    rest = list(words)
    while rest and (rest[0] in _PREFIXES or _ASSIGNMENT.fullmatch(rest[0])):
        del rest[0]
    if not rest or tool is None or Path(rest[0]).name not in {tool, f"@11ty/{tool}"}:
        return False
    if tool in {"astro", "jekyll"} and rest[1:2] not in (["build"], ["b"]):
        return False
    return not any(word.partition("=")[0] in _OTHER_FLAGS for word in rest)
