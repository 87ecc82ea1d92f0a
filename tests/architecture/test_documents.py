"""What the documentation lists is what the program has. `make docs` renews the tables."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MADE = ["docs/settings.md", "docs/errors.md", "docs/openapi.json", ".env.example"]


@pytest.fixture(scope="module")
def made_now(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    script = ROOT / "scripts" / "documents.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True, cwd=folder, timeout=60)
    return folder


@pytest.mark.parametrize("name", MADE)
def test_the_document_is_up_to_date(name: str, made_now: Path) -> None:
    assert (ROOT / name).read_text("utf-8") == (made_now / name).read_text("utf-8"), "run: make docs"
