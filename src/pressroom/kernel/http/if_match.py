"""`If-Match`: which version of a thing a writer saw."""

import re
from typing import Annotated

from fastapi import Depends, Header

from pressroom.kernel.errors import PreconditionRequired
from pressroom.kernel.preconditions import ANY, Precondition

_TAG = re.compile(r'(?:W/)?("[^"]*")|\*')


async def if_match(
    header: Annotated[
        str | None, Header(alias="If-Match", max_length=1000, description='The version, as `"3"`')
    ] = None,
) -> Precondition:
    """What the writer saw; without the header, anything may be there."""
    if header is None:
        return ANY
    return Precondition(frozenset(found[1] or "*" for found in _TAG.finditer(header)))


IfMatch = Annotated[Precondition, Depends(if_match)]


def said(wanted: Precondition) -> Precondition:
    """The precondition of a write that needs one.

    Raises:
        PreconditionRequired: it was left out.
    """
    if wanted.tags is None:
        raise PreconditionRequired('Say which version you are changing: If-Match: "<version>".')
    return wanted


async def if_match_said(wanted: IfMatch) -> Precondition:
    return said(wanted)


Seen = Annotated[Precondition, Depends(if_match_said)]
