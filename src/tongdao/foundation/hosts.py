"""Under which names this installation is itself, and not a shop."""

from __future__ import annotations

from django.conf import settings
from django.http.request import split_domain_port, validate_host


def is_own_host(host: str) -> bool:
    """Whether a Host header, with or without a port, names the platform (`TONGDAO_ALLOWED_HOSTS`)."""
    name, _port = split_domain_port(host)
    return bool(name) and validate_host(name, [each for each in settings.ALLOWED_HOSTS if each != "*"])
