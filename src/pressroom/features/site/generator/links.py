"""Links as they are from elsewhere."""

from urllib.parse import urljoin


def absolute(address: str, link: str) -> str:
    """A link on the page at `address` in full. What is no address at all (`//[`) stays as it was written."""
    try:
        return urljoin(address, link)
    except ValueError:
        return link
