"""The numbered steps of the loop through HTTP only; each can be walked on after a crash at any point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from tests.faces.api.examples import JOINING
from tests.killing.catalogue import HANDLE, bring_in
from tests.killing.town import Town

PASSWORD = "long-and-odd-4711"
STOCK = 100
PRICE = 12_800
BOUGHT = 2
ADDRESS = {
    "recipient": "林小满",
    "phone": "13812345678",
    "detail": "文三路 90 号 2 单元 501",
    "division_code": "330106",
}
SENDER = {"name": "山间茶舍", "phone": "13912345678", "address": "浙江省杭州市西湖区龙井路 1 号"}


@dataclass
class Wish:
    """One thing that the buyer wanted once. `state` is how its order must end."""

    key: str
    state: str
    purchase_id: str = ""
    order_id: str = ""
    payment: dict[str, str] = field(default_factory=dict)  # what the payer's page is opened with


@dataclass
class World:
    """A merchant and its buyer, and all that was answered to them with success."""

    name: str
    owner: str = ""
    clerk: str = ""
    merchant_id: str = ""
    buyer: str = ""
    sku_id: str = ""
    visitor: str = field(default_factory=lambda: str(uuid4()))
    wishes: dict[str, Wish] = field(default_factory=dict)
    waybill_no: str = ""
    walked: int = 0  # steps

    @property
    def slug(self) -> str:
        return f"tea-{self.name}"

    @property
    def store(self) -> str:
        return f"/stores/{self.slug}"

    @property
    def desk(self) -> str:
        return f"/merchants/{self.merchant_id}"


def open_merchant(town: Town, world: World) -> None:
    """1. The merchant signs up and connects its accounts."""
    who = {"sign_in_name": f"{world.name}@example.com", "password": PASSWORD}
    town.api("POST", "/persons", who, good=(201, 409))  # 409: the first answer was lost
    world.owner = town.api("POST", "/tokens", who).body["token"]
    shop = {"name": "山间茶舍", "slug": world.slug}
    town.api("POST", "/merchants", shop, token=world.owner, good=(201, 409))
    (work,) = town.api("GET", "/me", token=world.owner).body["merchants"]
    assert work["stores"] == [world.slug]
    world.merchant_id = work["merchant_id"]
    _owner(town, world, "POST", "payment-account", _payment_account(town))
    keys = town.papers("carrier", "account.json")
    _owner(town, world, "POST", "carrier-account", {**keys, "sender": SENDER})
    _owner(town, world, "PUT", "commission-plan", {"rate_bps": 1_000})


def import_catalogue(town: Town, world: World) -> None:
    """2. The catalogue comes in, once, however often it is brought."""
    bring_in(town, world.merchant_id, world.owner)
    product = town.api("GET", f"{world.store}/products/{HANDLE}").body
    (sku,) = product["skus"]
    assert sku["price_fen"] == PRICE
    world.sku_id = sku["sku_id"]
    _owner(town, world, "PUT", f"skus/{world.sku_id}/stock", {"on_hand": STOCK})


def buy_and_pay(town: Town, world: World) -> None:
    """3. A visitor follows a promoter's link, orders and pays."""
    promoter = town.api("POST", "/guests").body["token"]
    town.api("POST", f"{world.desk}/promoters", JOINING, token=promoter, good=(201, 409))
    link = town.api("POST", f"{world.desk}/promoters/me/links", {"channel": "moments"}, token=promoter).body
    town.api("POST", "/touches", {"token": link["token"], "visitor": world.visitor})
    world.buyer = town.api("POST", "/guests").body["token"]
    asked = {"lines": _lines(world), "visitor": world.visitor}
    quoted = _buyer(town, world, "POST", f"{world.store}/quotes", asked)
    assert (quoted["total_fen"], quoted["recommended_by"]) == (PRICE * BOUGHT, "阿茶")
    wish = place(town, world, "bought", "completed")
    open_payment(town, world, wish)
    town.pay(wish.payment)
    wait_for_state(town, world, wish, "paid")


def ship(town: Town, world: World) -> None:
    """4. The merchant packs, the carrier brings it and says so."""
    order = f"{world.desk}/orders/{world.wishes['bought'].order_id}/parcels"

    def pack() -> Any:
        body, key = {"carrier": "zhongtong"}, f"pack-{world.name}"
        return town.api("POST", order, body, token=world.owner, key=key).body["waybill_no"]

    world.waybill_no = town.wait(pack, "a waybill")
    # 422: it had moved to its end before the answer was lost
    town.carrier("advance", number=world.waybill_no, steps=20, good=(200, 422))
    town.carrier("flush", timeout=5)
    town.wait(
        lambda: [each["state"] for each in _order(town, world, "bought")["parcels"]] == ["delivered"],
        "the delivery",
        nudge=lambda: town.carrier("flush", timeout=5),
    )


def confirm(town: Town, world: World) -> None:
    """5. The buyer confirms; the money is released once it can no longer be given back."""
    told = _buyer(town, world, "POST", f"/orders/{world.wishes['bought'].order_id}/confirm")
    assert told["state"] == "completed"
    posted = _owner(town, world, "GET", f"ledger/orders/{world.wishes['bought'].order_id}")
    assert [each["kind"] for each in posted] == ["payment", "capture"]


def end_unhappily(town: Town, world: World) -> None:
    """6. One is given up, one is paid too late, one is cancelled."""
    given_up = place(town, world, "given up", "closed")
    open_payment(town, world, given_up)
    give_up(town, world, given_up)

    late = place(town, world, "paid late", "closed")
    open_payment(town, world, late)
    give_up(town, world, late)
    town.payment("pay", out_trade_no=trade_no(town, late), force=True)

    cancelled = place(town, world, "cancelled", "cancelled")
    open_payment(town, world, cancelled)
    town.pay(cancelled.payment)
    wait_for_state(town, world, cancelled, "paid")
    _buyer(town, world, "POST", f"/orders/{cancelled.order_id}/cancel", {"reason": "changed_mind"})
    town.wait(
        lambda: sorted(_succeeded(town, world)) == ["cancelled", "late_payment"],
        "both refunds",
        nudge=lambda: town.payment("flush", out_trade_no=trade_no(town, late)),
    )


@dataclass(frozen=True)
class Step:
    """`questions` is how many its walk asks at least, undisturbed."""

    number: int
    walk: Callable[[Town, World], None]
    questions: int


STEPS = (
    Step(1, open_merchant, 7),
    Step(2, import_catalogue, 4),
    Step(3, buy_and_pay, 10),
    Step(4, ship, 4),
    Step(5, confirm, 2),
    Step(6, end_unhappily, 16),
)


def walk_on(town: Town, world: World, until: int) -> None:
    """Walk the steps that this world has not walked yet, up to and including `until`."""
    for step in STEPS[world.walked : until]:
        step.walk(town, world)
        world.walked = step.number


def place(town: Town, world: World, name: str, state: str, *, key: str = "") -> Wish:
    """Order it; the same key is sent however often it takes, so 200 means that an answer was lost."""
    wish = Wish(key or f"{world.name}-{name.replace(' ', '-')}", state)
    world.wishes[name] = wish
    body = {"lines": _lines(world), "address": ADDRESS, "visitor": world.visitor}
    path = f"{world.store}/purchases"
    placed = town.api("POST", path, body, token=world.buyer, key=wish.key, good=(200, 201)).body
    wish.purchase_id, (wish.order_id,) = placed["purchase_id"], placed["order_ids"]
    return wish


def open_payment(town: Town, world: World, wish: Wish) -> None:
    opened = _buyer(town, world, "POST", f"/purchases/{wish.purchase_id}/payments", {"product": "h5"})
    wish.payment = dict(parse_qsl(urlsplit(opened["h5_url"]).query)) | {"action": "pay"}


def give_up(town: Town, world: World, wish: Wish) -> None:
    """Closed at the channel, then the goods are free."""
    path = f"/purchases/{wish.purchase_id}/close"

    def closed() -> bool:
        orders = _buyer(town, world, "POST", path)["orders"]
        return [order["state"] for order in orders] == ["closed"]

    town.wait(closed, "the end of an unpaid order")


def wait_for_state(town: Town, world: World, wish: Wish, state: str) -> None:
    """By the channel's notification, or by asking it."""
    refresh = f"/purchases/{wish.purchase_id}/payments/refresh"
    town.wait(
        lambda: _buyer(town, world, "GET", f"/orders/{wish.order_id}")["state"] == state,
        f"an order that is {state}",
        nudge=lambda: _buyer(town, world, "POST", refresh),
    )


def trade_no(town: Town, wish: Wish) -> str:
    """Under which number the channel knows the payment."""
    rows = town.payment("orders")["data"]
    (found,) = [row for row in rows if row["prepay_id"] == wish.payment["prepay_id"]]
    return str(found["out_trade_no"])


def _lines(world: World) -> list[dict[str, object]]:
    return [{"sku_id": world.sku_id, "quantity": BOUGHT}]


def _order(town: Town, world: World, name: str) -> Any:
    return _buyer(town, world, "GET", f"/orders/{world.wishes[name].order_id}")


def _succeeded(town: Town, world: World) -> list[str]:
    rows = _owner(town, world, "GET", "refunds")["items"]
    return [row["reason"] for row in rows if row["state"] == "succeeded"]


def _owner(town: Town, world: World, verb: str, path: str, body: object = None) -> Any:
    return town.api(verb, f"{world.desk}/{path}", body, token=world.owner).body


def _buyer(town: Town, world: World, verb: str, path: str, body: object = None) -> Any:
    return town.api(verb, path, body, token=world.buyer).body


def _payment_account(town: Town) -> dict[str, object]:
    papers = town.papers("wechatpay", "merchant.json")
    return {
        "mchid": papers["mchid"],
        "appid": papers["appid"],
        "certificate_serial": papers["cert_serial_no"],
        "private_key": papers["merchant_private_key"],
        "api_v3_key": papers["apiv3_key"],
        "platform_key_id": papers["platform_public_key_id"],
        "platform_public_key": papers["platform_public_key"],
        "fee_bps": 60,
    }
