"""A theme on disk: templates, assets and words, file by file from the user's folder or the default one."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pressroom.features.site.generator.errors import BuildFailed

DEFAULT = Path(__file__).parents[3] / "themes" / "default"
GENERATOR = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Theme:
    """Folders in the order in which a file is looked for; each holds `templates`, `assets` and `words`."""

    folders: tuple[Path, ...]

    @classmethod
    def load(cls, folder: Path | None = None) -> "Theme":
        """The default theme, or a folder whose files replace the default's one by one."""
        if folder and not folder.is_dir():
            raise BuildFailed(f"the theme folder {folder.name!r} is not there")
        return cls((folder, DEFAULT) if folder else (DEFAULT,))

    @property
    def template_folders(self) -> list[Path]:
        """Where templates are looked for, in order."""
        return [folder / "templates" for folder in self.folders]

    def files(self, kind: str) -> dict[str, Path]:
        """The files of `assets`, `templates` or `words` by relative name, overrides applied."""
        found: dict[str, Path] = {}
        for folder in reversed(self.folders):
            found |= {path.relative_to(folder / kind).as_posix(): path for path in _tree(folder / kind)}
        return dict(sorted(found.items()))

    def catalogues(self, language: str) -> list[bytes]:
        """The words of a language over those of its family over the English ones, from every folder."""
        family = language.partition("-")[0].lower()
        names = dict.fromkeys(["en.json", f"{family}.json", f"{language}.json"])
        paths = (folder / "words" / name for name in names for folder in reversed(self.folders))
        return [path.read_bytes() for path in paths if path.is_file()]

    def digest(self) -> str:
        """Changes with any file of the theme and of the generator itself."""
        summary = sha256()
        sources = {path.name: path for path in sorted(GENERATOR.glob("*.py"))}
        for kind in ("assets", "templates", "words"):
            sources |= {f"{kind}/{name}": path for name, path in self.files(kind).items()}
        for name, path in sources.items():
            summary.update(f"{name}\0{sha256(path.read_bytes()).hexdigest()}\n".encode())
        return summary.hexdigest()


def _tree(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path
