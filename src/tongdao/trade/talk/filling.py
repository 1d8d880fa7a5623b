"""What stands in place of a quick answer's placeholders, for one order. In a merchant_scope."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from tongdao.foundation.refusals import NotFound
from tongdao.trade.orders.models import Order, OrderLine
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.talk.models import QuickAnswer
from tongdao.trade.talk.operations.quick import PLACEHOLDERS

_HOLE = re.compile("|".join(map(re.escape, PLACEHOLDERS)))
CHINESE, ENGLISH = "zh-hans", "en"


@dataclass(frozen=True, slots=True)
class Offered:
    """A quick answer as it would be sent. `language`: of its words; `other`: it is not the buyer's."""

    row: QuickAnswer
    words: str
    language: str
    other: bool


def offered(rows: Sequence[QuickAnswer], order_id: UUID, language: str) -> list[Offered]:
    """Each in the buyer's language where it is kept in it, else in the other one; an empty `language`, of a
    buyer who has not written yet, is Chinese. Raises NotFound.
    """
    wanted = ENGLISH if language == ENGLISH else CHINESE
    facts = {}
    for each in (CHINESE, ENGLISH):
        with translation.override(each):
            facts[each] = facts_of(order_id)
    found = []
    for row in rows:
        texts = {CHINESE: row.text, ENGLISH: row.text_en}
        spoken = wanted if texts[wanted] else next(each for each in texts if each != wanted)
        found.append(Offered(row, filled(texts[spoken], facts[spoken]), spoken, spoken != wanted))
    return found


def facts_of(order_id: UUID) -> Mapping[str, str]:
    """By placeholder. Raises NotFound."""
    number = Order.objects.filter(pk=order_id).values_list("number", flat=True).first()
    if number is None:
        raise NotFound()
    titles = list(OrderLine.objects.filter(order_id=order_id).order_by("position").values_list("title")[:2])
    product = titles[0][0] if titles else ""
    if len(titles) > 1:
        product = _("%(title)s and more") % {"title": product}
    return {"{order}": number, "{product}": product, "{parcel}": _parcel(order_id)}


def filled(text: str, facts: Mapping[str, str]) -> str:
    """In one go: what a product's title says is no placeholder."""
    return _HOLE.sub(lambda found: facts[found[0]], text)


def _parcel(order_id: UUID) -> str:
    """The latest one's carrier and waybill, or that there is none yet."""
    parcels = Parcel.objects.filter(order_id=order_id).exclude(waybill_no="").exclude(state="void")
    found = parcels.order_by("-requested_at", "-id").values_list("carrier", "waybill_no").first()
    if found is None or not found[1]:
        return _("(not shipped yet)")
    return f"{CARRIERS.get(found[0], found[0])} {found[1]}"
