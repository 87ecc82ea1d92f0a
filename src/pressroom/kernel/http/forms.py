"""Forms in UTF-8 and nothing else: what a charset is named decides how long its decoding takes."""

from starlette.requests import Request

from pressroom.kernel.errors import UnsupportedMediaType

_PLAIN = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})


def check_form(request: Request) -> None:
    """Refuses a form in another encoding.

    Raises:
        UnsupportedMediaType: the `Content-Type` names another charset.
    """
    for parameter in request.headers.get("content-type", "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip("\"'").lower() not in _PLAIN:
            raise UnsupportedMediaType("Send the form in UTF-8.")
