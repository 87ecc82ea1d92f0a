"""How large a request's body may be, and that its length is told in one way only."""

from collections.abc import Mapping

from starlette.types import Message, Receive

from pressroom.kernel.errors import BadRequest, BodyTooLarge

LONGEST_NUMBER = 18


def check_framing(headers: Mapping[bytes, bytes]) -> None:
    """Refuses a request whose end two readers could see in different places."""
    told = headers.get(b"content-length")
    if told is None:
        return
    if b"transfer-encoding" in headers:
        raise BadRequest("A request has either Content-Length or Transfer-Encoding, not both.")
    if not told.isdigit() or len(told) > LONGEST_NUMBER:
        raise BadRequest("Content-Length is not a length.")


def limited(receive: Receive, headers: Mapping[bytes, bytes], *, limit: int) -> Receive:
    """The same `receive`, that refuses more than `limit` bytes: before reading where the length is told."""
    refusal = f"A request may carry {limit} bytes here."
    if int(headers.get(b"content-length", b"0")) > limit:
        raise BodyTooLarge(refusal)
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise BodyTooLarge(refusal)
        return message

    return receive_limited
