"""Under which names this installation is itself, and not a shop."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host


def is_own_host(host: str) -> bool:
    """Whether a Host header, with or without a port, names the platform (`TONGDAO_ALLOWED_HOSTS`)."""
    name, _port = split_domain_port(host)
    return bool(name) and validate_host(name, [each for each in settings.ALLOWED_HOSTS if each != "*"])


def site_of(request: HttpRequest) -> str:
    """`https://host` as the visitor's browser sees it.

    Behind a proxy that speaks HTTPS the request itself does not say so; the site's own address does.
    """
    own = urlsplit(settings.BASE_URL)
    scheme = own.scheme if own.netloc == request.get_host() else request.scheme
    return f"{scheme}://{request.get_host()}"
