"""What a shop says of itself."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.refusals import BadInput, NotFound
from tongdao.party.merchants.events import StorefrontEdited
from tongdao.party.merchants.models import Storefront

LONGEST_NAME = 80
LONGEST_NOTICE = 300


class StorefrontTextInvalid(BadInput):
    """A shop's name has 1 to 80 characters, its notice at most 300. Nothing was changed."""


def edit_storefront(storefront_id: UUID, *, name: str, notice: str, actor: Actor) -> Storefront:
    """Show this name and this notice from now on. The same texts again change nothing.

    Raises NotFound or StorefrontTextInvalid.
    """
    name, notice = name.strip(), notice.strip()
    if not 1 <= len(name) <= LONGEST_NAME or len(notice) > LONGEST_NOTICE:
        raise StorefrontTextInvalid()
    row = Storefront.objects.select_for_update(no_key=True).filter(pk=storefront_id).first()
    if row is None:
        raise NotFound()
    if (row.name, row.notice) == (name, notice):
        return row
    row.name, row.notice = name, notice
    row.save(update_fields=["name", "notice"])
    record(StorefrontEdited(), subject=row, actor=actor)
    return row
