from __future__ import annotations

from uuid import UUID

from tongdao.trade.addressbook.models import KeptAddress


def kept_addresses(person_id: UUID) -> list[KeptAddress]:
    """The default one first, then the latest."""
    own = KeptAddress.objects.filter(person_id__same_as=person_id)
    return list(own.order_by("-is_default", "-kept_at", "-id"))
