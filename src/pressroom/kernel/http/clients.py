"""Who is asking: the peer's address, or what a trusted proxy says about it."""

import ipaddress
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ClientAddresses:
    """Believes `X-Forwarded-For` and `X-Forwarded-Proto` only from the listed proxies."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self._trusted: list[Network] = [ipaddress.ip_network(entry, strict=False) for entry in trusted]
        self._is_trusted = lru_cache(maxsize=1024)(self._in_trusted)

    def of(self, scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> str:
        """The client's address; through proxies, the last one that is not a trusted proxy."""
        address = _peer(scope)
        if not self._trusted or not self._is_trusted(address):
            return address
        hops = headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        for hop in (plain_address(hop.strip()) for hop in reversed(hops)):
            if not _is_address(hop):
                return address
            address = hop
            if not self._is_trusted(hop):
                return address
        return address

    def scheme(self, scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> str:
        """`http` or `https`, as the client sees it."""
        forwarded = headers.get(b"x-forwarded-proto", b"").decode("latin-1").strip().lower()
        if self._trusted and forwarded in ("http", "https") and self._is_trusted(_peer(scope)):
            return forwarded
        return str(scope.get("scheme", "http"))

    def _in_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)


def _peer(scope: Mapping[str, Any]) -> str:
    client = scope.get("client")
    return plain_address(str(client[0])) if client else ""


@lru_cache(maxsize=4096)
def plain_address(address: str) -> str:
    """An IPv4 address as such, where a socket for both kinds tells it as `::ffff:192.0.2.1`."""
    if not address.lower().startswith("::ffff:") or not _is_address(address):
        return address
    mapped = ipaddress.IPv6Address(address).ipv4_mapped
    return str(mapped) if mapped else address


@lru_cache(maxsize=4096)
def rate_key(address: str) -> str:
    """What one client counts as: an IPv4 address, or an IPv6 network of 64 bits."""
    if ":" not in address or not _is_address(address):
        return address
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
