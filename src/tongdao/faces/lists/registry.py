"""All lists by their noun, which is also the name of the console's page."""

from __future__ import annotations

from collections.abc import Mapping

from tongdao.faces.lists.nouns.cases import CASES
from tongdao.faces.lists.nouns.changes import CHANGED
from tongdao.faces.lists.nouns.commissions import COMMISSIONS
from tongdao.faces.lists.nouns.links import LINKS
from tongdao.faces.lists.nouns.members import MEMBERS
from tongdao.faces.lists.nouns.orders import ORDERS
from tongdao.faces.lists.nouns.payouts import PAYEES, PAYOUT_BATCHES, PAYOUTS
from tongdao.faces.lists.nouns.postings import POSTINGS
from tongdao.faces.lists.nouns.products import PRODUCTS
from tongdao.faces.lists.nouns.promoters import PROMOTERS
from tongdao.faces.lists.nouns.promotions import PROMOTIONS
from tongdao.faces.lists.nouns.refunds import REFUNDS
from tongdao.faces.lists.nouns.reviews import REVIEWS
from tongdao.faces.lists.nouns.staff import STAFF
from tongdao.faces.lists.refusals import UnknownList
from tongdao.faces.lists.shapes import ListSpec

LISTS: Mapping[str, ListSpec] = {
    spec.noun: spec
    for spec in (
        ORDERS,
        PRODUCTS,
        PROMOTIONS,
        MEMBERS,
        PROMOTERS,
        REVIEWS,
        CASES,
        REFUNDS,
        LINKS,
        STAFF,
        CHANGED,
        POSTINGS,
        COMMISSIONS,
        PAYOUT_BATCHES,
        PAYOUTS,
        PAYEES,
    )
}


def list_named(noun: str) -> ListSpec:
    """Raises UnknownList."""
    if noun not in LISTS:
        raise UnknownList()
    return LISTS[noun]
