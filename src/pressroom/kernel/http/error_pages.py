"""What each error means, at the address that its `type` member names."""

from typing import Annotated

from fastapi import APIRouter, Path

from pressroom.kernel.errors import NotFound, every_error
from pressroom.kernel.http.access import anyone
from pressroom.kernel.http.json_body import StrictRoute
from pressroom.kernel.http.schemas import failures
from pressroom.kernel.schema import Schema

router = APIRouter(route_class=StrictRoute, tags=["errors"])


class ErrorMeaning(Schema):
    """One entry of the catalogue."""

    code: str
    status: int
    title: str


@router.get("/errors/{code}", dependencies=[anyone], operation_id="explain_error", responses=failures(NotFound))
async def explain(code: Annotated[str, Path(max_length=100)]) -> ErrorMeaning:
    """Says what an error code means."""
    for error in every_error():
        if error.code == code:
            return ErrorMeaning(code=error.code, status=error.status, title=error.title)
    raise NotFound(f"No error is called {code}.")
