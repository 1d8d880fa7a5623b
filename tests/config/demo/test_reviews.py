"""The demo's buyers really buy at the sandbox before they say anything."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from tests.support.paying import PaySandbox
from tongdao.config.demo.cases import COMPLAINTS
from tongdao.config.demo.fill import fill
from tongdao.config.demo.reviews import SPOKEN
from tongdao.config.demo.store import STORE
from tongdao.config.demo.talks import ANSWERS, CHATS
from tongdao.finance.ledger.soundness import assert_ledger_sound
from tongdao.foundation import directory
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Clawback, Commission, Netting
from tongdao.rewards.settlement.models import Payout
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.orders.models import Order
from tongdao.trade.reviews.models import Review
from tongdao.trade.talk.models import Message, Talk
from tongdao.trade.talk.queries import quick_answers

CARRIER = {"key": "k", "secret": "s", "customer": "c", "partner_id": "1"}


def test_each_speaks_once_after_receiving_it(cluster: object, tmp_path: Path) -> None:
    sandbox = PaySandbox(tmp_path / "sandboxes" / "wechatpay")
    (tmp_path / "sandboxes" / "carrier").mkdir()
    (tmp_path / "sandboxes" / "carrier" / "account.json").write_text(json.dumps(CARRIER))
    store = replace(STORE, slug=f"demo-{token(10)}")
    said: list[str] = []
    try:
        for _ in range(2):
            fill(store, tmp_path, "http://127.0.0.1:9", lambda line: said.append(str(line)))
    finally:
        sandbox.close()
    counted = [line for line in said if line.startswith("conversations")]
    assert counted == [f"conversations: {len(CHATS)} new", "conversations: 0 new"]
    counted = [line for line in said if line.startswith("reviews")]
    assert counted == [f"reviews: {len(SPOKEN)} new", "reviews: 0 new"]
    found = directory.lookup("storefront", store.slug)
    assert found
    with merchant_scope(found.merchant_id):
        assert Review.objects.count() == len(SPOKEN)
        assert Review.objects.filter(state="folded").count() == 1
        assert Review.objects.filter(pictures__gt=0).count() == 3
        states = list(Order.objects.values_list("state", flat=True))
        assert sorted(states) == [*["completed"] * (len(SPOKEN) + 3 + len(COMPLAINTS)), "paid", "placed"]
        told = AfterSale.objects.exclude(kind="refund").values_list("state", flat=True)
        assert sorted(told) == ["agreed", "refused", "requested"]
        assert Dispute.objects.get().state == "open"
        assert Talk.objects.count() == len(CHATS)
        assert Message.objects.count() == sum(len(chat.said) for chat in CHATS)
        waiting = Talk.objects.get(buyer_waits_since__isnull=False, promoter_id__isnull=True)
        assert waiting.order.state == "paid", "the queue has one, of an order that waits to be shipped"
        assert Talk.objects.filter(buyer_language="en").count() == 1
        assert len(quick_answers()) == len(ANSWERS)
        assert sorted(Payout.objects.values_list("state", flat=True)) == ["claimed", "paid"]
        assert [row.amount_fen for row in Netting.objects.all()] == [Clawback.objects.get().owed_fen]
        held = Commission.objects.order_by().values_list("state", flat=True).distinct()
        assert set(held) == {"held", "released", "claimed", "paid"}
    assert_ledger_sound(found.merchant_id)
    page = Client().get(f"/s/{store.slug}/p/qiushan-oolong", headers={"accept-language": "zh-hans"})
    assert "买家评价" in page.content.decode() and "林**" in page.content.decode()
    the_promoter_sees_what_came_by_the_link(store.slug, tmp_path)


def the_promoter_sees_what_came_by_the_link(slug: str, data: Path) -> None:
    """Signed in as the printed table says; every amount comes from an order that was really placed."""
    rows = {row["what"]: row for row in json.loads((data / "demo.json").read_text("utf-8"))}
    name, password = rows["promoter's phone"]["sign_in"].split()
    phone = Client(headers={"accept-language": "en"})
    phone.post("/promote/sign-in", {"sign_in_name": name, "password": password})
    page = phone.get(f"/promote/{slug}/").content.decode()
    amounts = re.findall(r'class="figure">¥([0-9.,]+)<', page)
    assert len(amounts) == 3
    assert "0.00" not in amounts
    assert re.search(r"Yours, from \d orders?: ", page)
    income = phone.get(f"/promote/{slug}/income").content.decode()
    assert "Paid out" in income and "It has reached you" in income


@pytest.mark.pure
def test_a_bad_rating_stands_unfolded() -> None:
    low = [spoken for spoken in SPOKEN if spoken.stars <= 2]
    assert low and not any(spoken.fold_reason for spoken in low)
