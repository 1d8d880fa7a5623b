"""Which products are not sent under the default template."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Subject, record
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.catalog.models import Product
from tongdao.terms.agreements.events import FreightTemplateAssigned
from tongdao.terms.agreements.models import FreightAssignment
from tongdao.terms.agreements.operations.templates import in_use, one_at_a_time


def assign_products(template_id: UUID | None, product_ids: Iterable[UUID], *, actor: Actor) -> int:
    """Send these products under this template from now on (None: under the default), whatever they used.

    Returns how many of them changed. Raises NotFound for a template or product that is not there.
    """
    one_at_a_time()
    template = None if template_id is None else in_use(template_id)
    wanted = set(product_ids)
    if Product.objects.filter(pk__in=wanted).count() != len(wanted):
        raise NotFound()
    rows = FreightAssignment.objects.filter(product_id__in=wanted)
    before = dict(rows.values_list("product_id", "template_id"))
    changed = tuple(sorted(id for id in wanted if before.get(id) != template_id))
    if not changed:
        return 0
    rows.filter(product_id__in=changed).delete()
    if template is not None:
        FreightAssignment.objects.bulk_create(
            FreightAssignment(product_id=product_id, template=template) for product_id in changed
        )
    subject = template or Subject("merchant", current_merchant())
    record(FreightTemplateAssigned(template_id, changed), subject=subject, actor=actor)
    return len(changed)
