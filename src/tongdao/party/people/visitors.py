"""Where a request comes from, as far as tries are counted by it."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

HOUSEHOLD = 64  # bits of an IPv6 address that one line has for itself


def visitor_address(request: HttpRequest) -> str:
    """Of who asks; see `address_in`."""
    return address_in(request.META)


def address_in(meta: Mapping[str, Any]) -> str:
    """An IPv4 address or an IPv6 network of one line; "unknown" for what is neither.

    Behind proxies (TONGDAO_PROXIES) it is what the outermost of ours saw; what stands before that in
    X-Forwarded-For the visitor may have written.
    """
    told = meta.get("REMOTE_ADDR", "")
    if hops := settings.ENV.proxies:
        chain = [part for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        told = chain[-hops] if len(chain) >= hops else told
    try:
        address: IPv4Address | IPv6Address = ip_address(told.strip())
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ip_network((address, HOUSEHOLD), strict=False))
    return str(address)
