"""Labels on goods and storefronts."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import record
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.events import BrandAdded, BrandRenamed
from tongdao.party.merchants.models import Brand
from tongdao.party.merchants.operations.kept import keep_texts
from tongdao.party.merchants.refusals import BrandNameInvalid, BrandNameTaken


def add_brand(name: str, *, actor: Actor) -> Brand:
    """A new label. Raises BrandNameInvalid or BrandNameTaken."""
    row = Brand(name=_checked(name))
    _save(row)
    record(BrandAdded(), subject=row, actor=actor, new=keep_texts({"name": ("", row.name)}).new)
    return row


def rename_brand(brand_id: UUID, name: str, *, actor: Actor) -> Brand:
    """The label reads so from now on, also on what it stands on already. Raises NotFound and as above."""
    row = Brand.objects.select_for_update(no_key=True).filter(pk=brand_id).first()
    if row is None:
        raise NotFound()
    before, row.name = row.name, _checked(name)
    if row.name != before:
        _save(row)
        kept = keep_texts({"name": (before, row.name)})
        record(BrandRenamed(), subject=row, actor=actor, old=kept.old, new=kept.new)
    return row


def _checked(name: str) -> str:
    text = " ".join(name.split())
    if not 1 <= len(text) <= 80:
        raise BrandNameInvalid()
    return text


def _save(row: Brand) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise BrandNameTaken() from error
