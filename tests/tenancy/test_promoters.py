"""A walk through the promoters' pages: colleagues, here and at another shop, ask for what is theirs."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.test import Client

from tests.faces.promoter.support import Earner, make_earner, make_promoted_shop
from tests.tenancy.leak_cases import CASES
from tests.tenancy.neighbours import Address, addresses
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product
from tongdao.reach.traffic.models import ShareLink
from tongdao.rewards.settlement.models import Payout, Way
from tongdao.rewards.settlement.operations import PayeeTerms, propose_batch, say_payee
from tongdao.trade.orders.models import Order, OrderLine

Admin = psycopg.Connection[tuple[Any, ...]]
PAGES = [pytest.param(page, id=page.name) for page in addresses() if CASES[page.name].kind == "EARNER"]
ROWS = (
    "promoter",
    "promoter_consent",
    "share_link",
    "waterfall_share",
    "touch",
    "ledger_posting",
    "payee",
    "payout",
)


def claim_all(earner: Earner) -> UUID:
    """A payout has taken what is due, and waits for the second pair of eyes."""
    terms = PayeeTerms(Way.WECHAT, "何小禾")
    with merchant_scope(earner.shop.merchant_id):
        say_payee(earner.promoter_id, terms, actor=Actor("person", earner.person.pk))
    with merchant_scope(earner.shop.merchant_id):
        propose_batch(Fen(1), actor=Actor("staff", uuid7()))
        return Payout.objects.get().id


class Estate:
    """A promoter with an order in every stage: the ids of its pages, and what nobody else may be shown."""

    def __init__(self, earner: Earner) -> None:
        self.earner = earner
        self.orders = [earner.order(3), earner.sell(5), earner.sell(7)]
        earner.complete(self.orders[2])
        payout_id = claim_all(earner)
        with merchant_scope(earner.shop.merchant_id):
            line_id = OrderLine.objects.get(order_id=self.orders[1]).id
            self.numbers = list(Order.objects.filter(pk__in=self.orders).values_list("number", flat=True))
            link = ShareLink.objects.get(token=earner.link)
            product = Product.objects.values_list("id", flat=True)[0]
        self.ids = {
            "slug": earner.shop.slug,
            "order_id": str(self.orders[1]),
            "link_id": str(link.id),
            "product_id": str(product),
            "line_id": str(line_id),
            "payout_id": str(payout_id),
            "transfer_id": str(uuid7()),
        }

    @property
    def secrets(self) -> set[str]:
        """Ids, the link's token, the tails of order numbers, and amounts that only this one has."""
        tails = {f"…{number[-6:]}" for number in self.numbers}
        amounts = {"38.40", "64.00", "89.60"}
        ids = {str(id) for id in self.orders} | {str(self.earner.promoter_id), self.ids["link_id"]}
        ids |= {self.ids["line_id"], self.ids["payout_id"]}
        return ids | tails | amounts | {self.earner.link}


@pytest.fixture(scope="module")
def them(cluster: object) -> Estate:
    return Estate(make_earner(make_promoted_shop(), name="她"))


@pytest.fixture(scope="module")
def colleague(them: Estate) -> Earner:
    """Promotes the same shop, and has sold one piece."""
    made = make_earner(them.earner.shop, name="同事")
    made.sell()
    return made


def owned(admin: Admin, merchant_id: UUID) -> dict[str, list[Any]]:
    found = {}
    for table in ROWS:
        statement = f'select t::text from "{table}" t where merchant_id = %s order by 1'
        found[table] = admin.execute(statement, [merchant_id]).fetchall()
    return found


def ask(phone: Client, page: Address, ids: dict[str, str]) -> list[tuple[int, str]]:
    """GET and POST; a page that would end the asker's own membership is only looked at."""
    data = {field: ids[id] for field, id in CASES[page.name].data.items()}
    verbs = (phone.get,) if page.name == "promoter:leave" else (phone.get, phone.post)
    answers = [verb(page.path(ids), data) for verb in verbs]
    return [(answer.status_code, answer.content.decode()) for answer in answers]


def test_they_themselves_are_shown_it(them: Estate) -> None:
    """What counts as a secret is one: its owner reads each of them on some page."""
    phone = them.earner.phone()
    pages = [Address(each.values[0].name, each.values[0].route) for each in PAGES]
    shown = " ".join(phone.get(page.path(them.ids)).content.decode() for page in pages)
    missing = [secret for secret in them.secrets if secret not in shown]
    assert missing == [str(them.earner.promoter_id)], "which no page names at all"


@pytest.mark.parametrize("page", PAGES)
def test_a_colleague_of_the_same_shop_sees_none_of_it(
    page: Address, them: Estate, colleague: Earner, admin: Admin
) -> None:
    before = owned(admin, them.earner.shop.merchant_id)
    named = len(page.names) > 1
    for status, text in ask(colleague.phone(), page, them.ids):
        assert status in ((404, 405) if named else (200, 302, 405, 422))
        assert not [secret for secret in them.secrets - set(them.ids.values()) if secret in text]
    after = owned(admin, them.earner.shop.merchant_id)
    new = {table: [row for row in after[table] if row not in before[table]] for table in ROWS}
    assert all(row in after[table] for table in ROWS for row in before[table]), "nothing of theirs changed"
    assert not [row for rows in new.values() for row in rows if str(them.earner.promoter_id) in str(row)]


@pytest.mark.parametrize("page", PAGES)
def test_a_promoter_of_another_shop_sees_none_of_it(page: Address, them: Estate, admin: Admin) -> None:
    stranger = make_earner(make_promoted_shop())
    before = owned(admin, them.earner.shop.merchant_id)
    in_ours = them.ids | {"slug": stranger.shop.slug}
    for ids in (them.ids, in_ours):
        for status, text in ask(stranger.phone(), page, ids):
            assert status in (200, 302, 404, 405, 422)
            assert not [secret for secret in them.secrets - set(them.ids.values()) if secret in text]
    if len(page.names) > 1 or page.name == "promoter:share":
        assert 404 in [status for status, _ in ask(stranger.phone(), page, in_ours)]
    assert owned(admin, them.earner.shop.merchant_id) == before


@pytest.mark.parametrize("page", PAGES)
def test_nobody_and_guests_are_led_to_the_door(page: Address, them: Estate) -> None:
    for status, text in ask(Client(), page, them.ids):
        assert status in (302, 405)
        assert text == ""


def test_the_colleagues_sums_are_its_own(colleague: Earner) -> None:
    shown = colleague.phone().get(colleague.url("today")).content.decode()
    amounts = re.findall(r'class="figure">¥([0-9.,]+)<', shown)
    assert amounts == ["0.00", "12.80", "0.00"]
