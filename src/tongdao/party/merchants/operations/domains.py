"""A shop's own name: entered once in the whole installation, and tried from outside."""

from __future__ import annotations

import re
from typing import Literal

from django.db import IntegrityError, transaction

from tongdao.foundation import clock
from tongdao.foundation.fetching import Fetcher, FetchFailed
from tongdao.foundation.hosts import is_own_host
from tongdao.foundation.tenancy import current_merchant
from tongdao.party.merchants.models import ShopDomain, Storefront
from tongdao.party.merchants.refusals import DomainInvalid, DomainReserved, DomainTaken

LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?=.{{4,253}}$)(?:{LABEL}\.)+[a-z]{LABEL}")
SIGN = "/.well-known/tongdao"
"""What answers with the shop's path under each name of a shop; the check asks for it."""

Reached = Literal["here", "elsewhere", "nowhere"]


def read_domain(text: str) -> str:
    """In lower case, or empty. Raises DomainInvalid, and DomainReserved for a name of the platform's own."""
    domain = text.strip().lower().rstrip(".")
    if domain and not DOMAIN.fullmatch(domain):
        raise DomainInvalid()
    if domain and is_own_host(domain):
        raise DomainReserved()
    return domain


def lead(storefront: Storefront, domain: str) -> None:
    """From the commit on, `domain` (empty: no name) leads to this shop, whose row the caller has locked.

    Raises DomainTaken. The first who enters a name has it, until he takes it out.
    """
    ShopDomain.objects.filter(merchant_id=current_merchant(), storefront_id=storefront.id).exclude(
        domain=domain
    ).delete()
    if not domain or ShopDomain.objects.filter(domain=domain, storefront_id=storefront.id).exists():
        return
    try:
        with transaction.atomic():
            ShopDomain.objects.create(
                domain=domain,
                merchant_id=current_merchant(),
                storefront_id=storefront.id,
                slug=storefront.slug,
                since=clock.now(),
            )
    except IntegrityError as error:
        raise DomainTaken() from error


def shop_of(domain: str) -> str:
    """The path (slug) of the shop that has this name, or empty. Outside any scope, too."""
    if "\0" in domain:
        return ""
    return ShopDomain.objects.filter(domain=domain).values_list("slug", flat=True).first() or ""


def try_domain(domain: str, slug: str, *, fetcher: Fetcher | None = None) -> Reached:
    """Whether this installation answers under the name, by https or else http. Call it outside a scope."""
    reached: Reached = "nowhere"
    for scheme in ("https", "http"):
        try:
            answer = (fetcher or Fetcher()).fetch(
                f"{scheme}://{domain}{SIGN}", max_bytes=100, timeout=5.0, allowed_types=["text/plain"]
            )
        except FetchFailed as error:
            if error.code in ("status", "type", "size"):
                reached = "elsewhere"
            continue
        if answer.content == slug.encode():
            return "here"
        reached = "elsewhere"
    return reached
