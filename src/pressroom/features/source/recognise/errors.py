"""How recognising a site fails. Nothing has been changed by then."""

from collections.abc import Sequence
from pathlib import Path

from pressroom.kernel.errors import AppError


class FolderNotFound(AppError):
    status = 422
    code = "source.folder_not_found"
    title = "There is no such folder; nothing was attached"


class AmbiguousSite(AppError):
    """More than one folder, or more than one generator, fits. `details["candidates"]` lists them."""

    status = 409
    code = "source.ambiguous"
    title = "More than one answer fits; say which one you mean"

    def __init__(self, question: str, candidates: Sequence[Path | str]) -> None:
        names = [str(each) for each in candidates]
        super().__init__(f"{question} {', '.join(names)}.", details={"candidates": names})
