"""What every list over HTTP says about its pages."""

from urllib.parse import quote

from fastapi import Request, Response

from pressroom.kernel.pagination import ListMeta, ListQuery, next_address


def page_meta(
    request: Request, response: Response, query: ListQuery, *, total: int, cursor: str | None = None
) -> ListMeta:
    """The `meta` of a page, and its `Link` header on `response`. Pages that begin by offset go on by offset.

    Args:
        request: whose address the following page shares.
        response: gets the header.
        query: what was asked for.
        total: how many there are in all.
        cursor: where the following page begins, for lists that have cursors.
    """
    end, path = query.offset + query.limit, quote(request.url.path)
    address: str | None = None
    if cursor and not query.offset:
        address = next_address(path, request.url.query, cursor=cursor)
    elif end < total and not getattr(query, "cursor", None):
        address = next_address(path, request.url.query, offset=end)
    if address:
        response.headers["Link"] = f'<{address}>; rel="next"'
    return ListMeta(total=total, limit=query.limit, offset=query.offset, next=address)
