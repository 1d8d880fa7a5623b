"""The whole loop through the API, with both sandboxes as processes and their callbacks at our own address."""

from __future__ import annotations

import json
import uuid

from tests.faces.api.calling import (
    ADDRESS,
    SENDER,
    Caller,
    Town,
    World,
    a_key,
    payment_account,
)
from tests.faces.api.examples import JOINING
from tests.support.builders import AFTER_RETURNS, make_shop
from tests.trade.shipping.sandbox import CarrierSandbox
from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.party.merchants.models import Role
from tongdao.rewards.commissions.operations import sweep_release
from tongdao.trade.payments.operations import sweep_refunds

NOBODY = Caller()


def signed_up(name: str) -> Caller:
    made = NOBODY.post("/persons", {"sign_in_name": name, "password": "long-and-odd-4711"}, 201)
    again = NOBODY.post("/tokens", {"sign_in_name": name, "password": "long-and-odd-4711"}, 201)
    assert again["person_id"] == made["person_id"]
    return Caller(again["token"])


def test_a_merchant_opens_and_hires() -> None:
    owner, slug = signed_up(f"{token(8)}@example.com"), f"tea-{token(8)}"
    clerk = signed_up(f"{token(8)}@example.com")
    opened = owner.post("/merchants", {"name": "山间茶舍", "slug": slug}, 201)
    desk = f"/merchants/{opened['merchant_id']}"
    asked = {"role": "service", "for_whom": "小店员"}
    invited = owner.post(f"{desk}/staff-invitations", asked, 201)
    hired = clerk.post(f"/staff-invitations/{invited['token']}/acceptance", status=201)
    assert clerk.get("/me")["merchants"] == [
        {"merchant_id": opened["merchant_id"], "name": "山间茶舍", "role": "service", "stores": [slug]}
    ]
    changed = owner("PATCH", f"{desk}/staff/{hired['staff_id']}", {"role": "finance"})
    assert (changed.status, changed.body["role"]) == (200, "finance")
    assert {row["role"] for row in owner.get(f"{desk}/staff")} == {"owner", "finance"}
    assert owner("DELETE", f"{desk}/staff/{hired['staff_id']}").status == 204
    assert clerk.get("/me")["merchants"] == []
    assert NOBODY.get(f"/stores/{slug}")["name"] == "山间茶舍"


def test_signing_out_ends_the_token() -> None:
    guest = Caller(NOBODY.post("/guests", status=201)["token"])
    assert guest.get("/me")["merchants"] == []
    assert guest("DELETE", "/tokens/current").status == 204
    assert guest("GET", "/me").code == "token_invalid"


def connect(town: Town, world: World, carrier: CarrierSandbox) -> None:
    town.connect(world)
    account = json.loads((carrier.data / "account.json").read_text())
    keys = {name: account[name] for name in ("key", "secret", "customer", "partner_id")}
    world.owner.post(f"{world.desk}/carrier-account", {**keys, "sender": SENDER}, 201)


def promoted(world: World) -> tuple[str, str]:
    """A visitor who came through a promoter's link: (visitor, promoter id)."""
    promoter = Caller(NOBODY.post("/guests", status=201)["token"])
    joined = promoter.post(f"{world.desk}/promoters", JOINING, 201)
    link = promoter.post(f"{world.desk}/promoters/me/links", {"channel": "moments"}, 201)
    visitor = str(uuid.uuid4())
    landed = NOBODY.post("/touches", {"token": link["token"], "visitor": visitor}, 201)
    assert landed == {"slug": world.shop.slug, "product_id": None}
    return visitor, joined["promoter_id"]


def test_from_the_link_to_the_released_commission(
    town: Town, world: World, carrier_sandbox: CarrierSandbox
) -> None:
    connect(town, world, carrier_sandbox)
    assert world.owner("PUT", f"{world.desk}/commission-plan", {"rate_bps": 1_000}).status == 200
    visitor, promoter_id = promoted(world)
    wish = world.wish(2, visitor=visitor)
    asked = {"lines": wish["lines"], "visitor": visitor}
    quoted = world.buyer.post(f"{world.store}/quotes", asked)
    assert (quoted["total_fen"], quoted["recommended_by"]) == (25_600, "阿茶")
    placed = world.buy(2, visitor=visitor)
    order = f"/orders/{placed['order_ids'][0]}"
    assert world.buyer.get(order)["current"]["by"] == placed["pay_by"]

    town.pay(world, placed["purchase_id"])
    told = world.buyer.get(order)
    assert (told["state"], told["current"]["code"]) == ("paid", "shipped")
    assert told["delivery"]["phone"] == ADDRESS["phone"]

    clerk = world.staff[Role.OPERATIONS]
    (waiting,) = clerk.get(f"{world.desk}/orders?to_ship=true")["items"]
    assert waiting["order_id"] == placed["order_ids"][0]
    parcel = clerk.post(f"{world.desk}{order}/parcels", {"carrier": "zhongtong"}, 201)
    assert (parcel["state"], bool(parcel["waybill_no"])) == ("shipped", True)
    assert clerk.get(f"{world.desk}/orders?to_ship=true")["items"] == []

    carrier_sandbox.control("advance", number=parcel["waybill_no"], steps=20)
    carrier_sandbox.control("flush")
    told = world.buyer.get(order)
    assert (told["parcels"][0]["state"], told["can_confirm"]) == ("delivered", True)
    assert world.buyer.post(f"{order}/confirm")["state"] == "completed"
    assert world.buyer.post(f"{order}/confirm")["state"] == "completed"

    rows = world.owner.get(f"{world.desk}/ledger/trial-balance")
    balances = {row["account"].partition(":")[0]: row["balance_fen"] for row in rows}
    assert balances["held.promoter"] == 2_560
    with clock.shifted(AFTER_RETURNS):
        sweep_release(clock.now(), 100_000)
    rows = world.owner.get(f"{world.desk}/ledger/trial-balance")
    balances = {row["account"].partition(":")[0]: row["balance_fen"] for row in rows}
    assert balances["released.promoter"] == 2_560
    assert sum(row["balance_fen"] for row in rows) == 0
    posted = world.owner.get(f"{world.desk}/ledger{order}")
    assert [each["kind"] for each in posted] == ["payment", "capture", "release"]
    assert any(promoter_id in line["destination"] for each in posted for line in each["postings"])


def test_a_cancelled_order_is_paid_back(town: Town, world: World) -> None:
    town.connect(world)
    placed = world.buy()
    order = f"/orders/{placed['order_ids'][0]}"
    town.pay(world, placed["purchase_id"], "native")
    cancelled = world.buyer.post(f"{order}/cancel", {"reason": "changed_mind"})
    assert (cancelled["state"], cancelled["refunded_fen"]) == ("cancelled", 12_800)
    assert len(world.buyer.post(f"{order}/cancel", {"reason": "changed_mind"})["refunds"]) == 1
    sweep_refunds(clock.now(), 100_000)
    town.sandbox.control("/flush")
    (refund,) = world.staff[Role.FINANCE].get(f"{world.desk}/refunds")["items"]
    assert (refund["state"], refund["amount_fen"]) == ("succeeded", 12_800)
    again = world.staff[Role.FINANCE].post(f"{world.desk}/refunds/{refund['refund_id']}/retry")
    assert again["state"] == "succeeded"


def test_an_unpaid_purchase_can_be_given_up_and_a_paid_one_not(town: Town, world: World) -> None:
    town.connect(world)
    first, second = world.buy(), world.buy()
    world.buyer.post(f"/purchases/{first['purchase_id']}/payments", {"product": "native"})
    for _ in range(2):
        closed = world.buyer.post(f"/purchases/{first['purchase_id']}/close")
        assert [order["state"] for order in closed["orders"]] == ["closed"]
    late = world.buyer("POST", f"/purchases/{first['purchase_id']}/payments", {"product": "h5"})
    assert (late.status, late.code) == (409, "payment_not_possible")
    town.pay(world, second["purchase_id"])
    assert world.buyer("POST", f"/purchases/{second['purchase_id']}/close").code == "not_closable"


def test_back_from_the_payment_page_the_channel_is_asked(town: Town, world: World) -> None:
    town.connect(world)
    placed = world.buy()
    opened = world.buyer.post(
        f"/purchases/{placed['purchase_id']}/payments", {"product": "jsapi", "openid": "oUpF8uMuAJO"}
    )
    assert set(opened["jsapi"]) >= {"appId", "paySign"}
    same = world.buyer.post(
        f"/purchases/{placed['purchase_id']}/payments", {"product": "jsapi", "openid": "oUpF8uMuAJO"}
    )
    assert same["attempt_id"] == opened["attempt_id"]
    trade_no = town.open_number(world, placed["purchase_id"])
    town.sandbox.control("/modes", scope="order", key=trade_no, mode={"notification": "lost"})
    town.sandbox.control("/pay", out_trade_no=trade_no)
    shown = world.buyer.post(f"/purchases/{placed['purchase_id']}/payments/refresh")
    assert [order["state"] for order in shown["orders"]] == ["paid"]


def test_papers_that_cannot_be_read_are_refused_and_keys_never_come_out(town: Town, world: World) -> None:
    papers = payment_account(town.sandbox.papers)
    wrong = world.owner("POST", f"{world.desk}/payment-account", papers | {"private_key": "not a key"})
    assert (wrong.status, wrong.code, wrong.body["details"]) == (
        422,
        "payment_key_invalid",
        {"field": "private_key"},
    )
    town.connect(world)
    shown = json.dumps(world.owner.get(f"{world.desk}/payment-account"))
    assert "PRIVATE" not in shown
    assert str(papers["api_v3_key"]) not in shown


def test_a_purchase_is_placed_once_for_its_key() -> None:
    shop = make_shop((500,), stock=3)
    world = World(shop, {})
    key = a_key()
    path = f"{world.store}/purchases"
    first = world.buyer.post(path, world.wish(2), 201, **{"Idempotency-Key": key})
    assert world.buyer.post(path, world.wish(2), 200, **{"Idempotency-Key": key}) == first
    other = world.buyer("POST", path, world.wish(1), **{"Idempotency-Key": key})
    assert (other.status, other.code) == (409, "duplicate_request")
    short = world.buyer("POST", path, world.wish(2), **{"Idempotency-Key": a_key()})
    assert (short.code, short.body["details"]["skus"][0]["available"]) == ("out_of_stock", 1)
    assert len(world.buyer.get("/orders")["items"]) == 1
