"""What a shop says of itself, and how it looks."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.refusals import BadInput, NotFound
from tongdao.party.merchants.accents import COLOUR, readable
from tongdao.party.merchants.events import StorefrontEdited
from tongdao.party.merchants.models import Storefront
from tongdao.party.merchants.operations.domains import lead, read_domain
from tongdao.party.merchants.operations.kept import changed_texts, keep_texts
from tongdao.party.merchants.refusals import AccentInvalid, AccentTooPale

LONGEST_NAME = 80
LONGEST_NOTICE = 300


class StorefrontTextInvalid(BadInput):
    """A shop's name has 1 to 80 characters, its notice at most 300. Nothing was changed."""


def edit_storefront(
    storefront_id: UUID,
    *,
    name: str,
    notice: str,
    accent: str | None = None,
    domain: str | None = None,
    actor: Actor,
) -> Storefront:
    """Show this from now on; None leaves as it is. The same again changes nothing.

    `accent` is "#rrggbb" or empty for the house's own; `domain` leads to the shop from now on.
    Raises NotFound, StorefrontTextInvalid, AccentInvalid, AccentTooPale, DomainInvalid, DomainReserved or
    DomainTaken.
    """
    wanted = {"name": name.strip(), "notice": notice.strip()}
    if not 1 <= len(wanted["name"]) <= LONGEST_NAME or len(wanted["notice"]) > LONGEST_NOTICE:
        raise StorefrontTextInvalid()
    if accent is not None:
        wanted["accent"] = _accent(accent)
    if domain is not None:
        wanted["domain"] = read_domain(domain)
    row = Storefront.objects.select_for_update(no_key=True).filter(pk=storefront_id).first()
    if row is None:
        raise NotFound()
    if domain is not None:
        lead(row, wanted["domain"])
    pairs = changed_texts(row, wanted)
    if pairs:
        row.save(update_fields=list(pairs))
        kept = keep_texts(pairs)
        record(StorefrontEdited(), subject=row, actor=actor, old=kept.old, new=kept.new)
    return row


def _accent(text: str) -> str:
    colour = text.strip().lower()
    if colour and not COLOUR.fullmatch(colour):
        raise AccentInvalid()
    if colour and not readable(colour):
        raise AccentTooPale()
    return colour
