"""Whether goods may be given back without a reason."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Code, record
from tongdao.foundation.refusals import NotFound
from tongdao.goods.catalog.events import ReturnsSet
from tongdao.goods.catalog.models import Product
from tongdao.goods.catalog.refusals import ExclusionInvalid
from tongdao.rulebook.returns import exclusion


def set_return_exclusion(product_id: UUID, code: str, *, actor: Actor) -> Product:
    """The product is of this kind of rulebook.returns from now on; "" gives the days back. Orders that were
    placed keep what they promised. The same again changes nothing.

    Raises NotFound or ExclusionInvalid.
    """
    kind = exclusion(code, clock.now())
    if code and kind is None:
        raise ExclusionInvalid()
    product = Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    if product is None:
        raise NotFound()
    if product.return_exclusion == code:
        return product
    old, product.return_exclusion = product.return_exclusion, code
    product.version += 1
    product.save()
    record(
        ReturnsSet(ask=kind is not None and kind.needs_consent),
        subject=product,
        actor=actor,
        old={"return_exclusion": Code(old or "none")},
        new={"return_exclusion": Code(code or "none")},
    )
    return product
