"""The secret that the program makes for itself."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pressroom.kernel.errors import CannotStart
from pressroom.kernel.secrets import Secrets


def test_each_purpose_has_its_own_key_and_keeps_it(tmp_path: Path) -> None:
    first = Secrets(tmp_path)
    keys = [first.key("jwt"), first.key("preview")]
    assert [len(key) for key in keys] == [32, 32]
    assert keys[0] != keys[1]
    assert [Secrets(tmp_path).key(purpose) for purpose in ("jwt", "preview")] == keys
    assert Secrets(tmp_path / "another").key("jwt") != keys[0]


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    Secrets(tmp_path).key("x")
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_many_that_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: Secrets(tmp_path).key("x"), range(40)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("left", [b"", b"\n", b"dG9vIHNob3J0\n", b"\xff\xfe", b"%%%"])
def test_a_damaged_secret_is_refused_not_used(tmp_path: Path, left: bytes) -> None:
    """An empty file would otherwise make keys that everybody knows."""
    (tmp_path / "secret.key").write_bytes(left)
    with pytest.raises(CannotStart, match=r"secret\.key is damaged"):
        Secrets(tmp_path).key("jwt")
    assert (tmp_path / "secret.key").read_bytes() == left
