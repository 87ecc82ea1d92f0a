"""Installing the site's packages, when they changed and only then."""

import hashlib
from pathlib import Path

from pressroom.features.source.recognise import Packages

_MARKERS = (".package-lock.json", ".modules.yaml", ".yarn-integrity", ".yarn-state.yml")
_LOCKED = {
    "npm": ("npm", "ci", "--no-audit", "--no-fund"),
    "pnpm": ("pnpm", "install", "--frozen-lockfile"),
    "bun": ("bun", "install", "--frozen-lockfile"),
}
# Package managers write their own marker some seconds before the lock file that it belongs to.
_SAME_MOMENT = 60.0
# Without a lock file none is made: the folder is the owner's, and so is the choice.
_UNLOCKED = {
    "npm": ("npm", "install", "--no-package-lock", "--no-audit", "--no-fund"),
    "pnpm": ("pnpm", "install", "--no-lockfile"),
    "yarn": ("yarn", "install"),
    "bun": ("bun", "install", "--no-save"),
}


def why_install(packages: Packages) -> str | None:
    """Why the packages must be installed before the next build; None when they are as the site asks.

    What was installed by hand counts, as long as the lock file and `package.json` are not a minute younger.
    """
    modules = packages.folder / "node_modules"
    if not modules.is_dir():
        return "The packages are not installed yet."
    stamp = _stamp(packages)
    if stamp.is_file():
        return None if stamp.read_text() == _digest(packages) else "The packages changed since they were installed."
    marker = next((modules / name for name in _MARKERS if (modules / name).is_file()), modules)
    newest = max(path.stat().st_mtime for path in _inputs(packages))
    return "The packages changed since they were installed." if newest > marker.stat().st_mtime + _SAME_MOMENT else None


def install_command(packages: Packages) -> tuple[str, ...]:
    """The command that installs exactly what the lock file says, or what `package.json` says without one."""
    manager = packages.manager
    if packages.lock is None:
        return _UNLOCKED[manager]
    if manager == "yarn":
        is_classic = "yarn lockfile v1" in packages.lock.read_text(errors="replace")[:200]
        return ("yarn", "install", "--frozen-lockfile" if is_classic else "--immutable")
    return _LOCKED[manager]


def remember_installed(packages: Packages) -> None:
    """Notes what is installed now. The note lies in `node_modules` and goes when that goes."""
    stamp = _stamp(packages)
    if (packages.folder / "node_modules").is_dir():
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(_digest(packages))


def _stamp(packages: Packages) -> Path:
    return packages.folder / "node_modules" / ".cache" / "pressroom" / "installed"


def _inputs(packages: Packages) -> list[Path]:
    return [path for path in (packages.manifest, packages.lock) if path is not None]


def _digest(packages: Packages) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in _inputs(packages))).hexdigest()
