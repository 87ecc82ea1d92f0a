"""Which file system a folder is on, as Linux tells it."""

import re
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_OCTAL = re.compile(r"\\([0-7]{3})")
# Where other machines write, and no event tells of it here.
_ELSEWHERE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "vboxsf", "virtiofs", "ceph", "glusterfs", "afs"})


def file_system(folder: Path) -> str | None:
    """The kind of file system under a folder (`ext4`, `nfs4` …); `None` where nobody tells."""
    try:
        lines = _MOUNTS.read_text(errors="replace").splitlines()
    except OSError:
        return None
    mounts = [_mount(line) for line in lines]
    around = [(place, kind) for place, kind in mounts if folder.is_relative_to(place)]
    # The last of several mounts at one place is the one that is seen.
    return max(enumerate(around), key=lambda each: (len(each[1][0].parts), each[0]))[1][1] if around else None


def is_shared(kind: str | None) -> bool:
    """Whether a file system of this kind may change without an event here."""
    return kind is not None and (kind in _ELSEWHERE or kind.startswith("fuse."))


def _mount(line: str) -> tuple[Path, str]:
    before, _, after = line.partition(" - ")
    place = _OCTAL.sub(lambda found: chr(int(found[1], 8)), before.split(" ")[4])
    return Path(place), after.split(" ")[0]
