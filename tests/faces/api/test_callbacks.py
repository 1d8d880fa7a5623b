"""The addresses that channels call: what reaches the operations, and what never does."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from django.test import Client

from tests.faces.api.calling import Town, World, make_world
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.operations import current_account
from tongdao.trade.payments.models import CallbackRecord, PaymentAttempt
from tongdao.trade.shipping.models import Parcel


def post(path: str, body: bytes, kind: str = "application/json", **headers: str) -> Any:
    return Client(enforce_csrf_checks=True).post(
        f"/callbacks/{path}", body, content_type=kind, headers=headers
    )


def notifications(town: Town, trade_no: str) -> Any:
    """What the sandbox has sent about an order."""
    token = (town.sandbox.data / "control.token").read_text("utf-8")
    answer = httpx.get(
        f"{town.sandbox.papers['gateway']}/_control/notifications",
        params={"out_trade_no": trade_no},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
        trust_env=False,
    )
    return answer.json()["data"]


def verdicts(world: World) -> list[str]:
    with merchant_scope(world.shop.merchant_id):
        return list(CallbackRecord.objects.order_by("at", "id").values_list("verdict", flat=True))


@pytest.fixture
def token(town: Town, world: World) -> str:
    """The world's callback address for payments."""
    town.connect(world)
    with merchant_scope(world.shop.merchant_id):
        return current_account().callback_token


def test_a_genuine_notification_is_taken_once(town: Town) -> None:
    world = make_world()
    town.connect(world)
    placed = world.buy()
    town.pay(world, placed["purchase_id"])
    assert world.buyer.get(f"/purchases/{placed['purchase_id']}")["orders"][0]["state"] == "paid"
    assert verdicts(world) == ["accepted"]
    with merchant_scope(world.shop.merchant_id):
        trade_no = PaymentAttempt.objects.get(purchase_id=placed["purchase_id"]).trade_no
    for sent in notifications(town, trade_no):
        town.sandbox.control("/resend", id=sent["id"])
    first, *others = verdicts(world)
    assert (first, len(others)) == ("accepted", 1)
    assert set(others) <= {"accepted", "repeated", "replayed"}
    rows = world.owner.get(f"{world.desk}/ledger/orders/{placed['order_ids'][0]}")
    assert [row["kind"] for row in rows] == ["payment", "capture"]


def test_a_forged_notification_is_refused_and_on_record(token: str, world: World) -> None:
    answer = post(f"wechat/{token}", b"{}", **{"Wechatpay-Signature": "x", "Wechatpay-Nonce": "n"})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (401, "FAIL")
    assert verdicts(world) == ["forged"]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[" * 10_000, b'{"resource": null}', b"null"])
def test_nonsense_is_refused(token: str, world: World, body: bytes) -> None:
    signed = {"Wechatpay-Signature": "eA==", "Wechatpay-Timestamp": "1", "Wechatpay-Nonce": "n"}
    assert post(f"wechat/{token}", body, **signed).status_code == 401
    assert verdicts(world) == ["forged"]


def test_nobodys_address_is_not_there() -> None:
    for path in ("wechat/nobody", "carrier/nobody", "wechat/%00", "carrier/%00", "wechat/" + "x" * 3_000):
        assert post(path, b"{}").status_code == 404, path


def test_a_body_beyond_the_limit_is_not_read(token: str, world: World) -> None:
    large = b"x" * 1_000_001
    assert post(f"wechat/{token}", large).status_code == 413
    assert post(f"carrier/{token}", large, "application/x-www-form-urlencoded").status_code == 413
    assert verdicts(world) == []


def test_only_posts_are_taken(token: str) -> None:
    for verb in ("get", "put", "delete", "head"):
        for path in ("wechat", "carrier"):
            assert getattr(Client(), verb)(f"/callbacks/{path}/{token}").status_code == 405


def test_a_forged_push_of_a_carrier_is_refused_and_on_record(town: Town, world: World) -> None:
    town.connect(world)
    placed = world.buy()
    town.pay(world, placed["purchase_id"])
    by_hand = {"carrier": "zhongtong", "waybill_no": "ZT1234567890"}
    path = f"{world.desk}/orders/{placed['order_ids'][0]}/parcels"
    parcel = world.owner.post(path, by_hand, 201)
    with merchant_scope(world.shop.merchant_id):
        address = Parcel.objects.get(pk=parcel["parcel_id"]).callback_token
    kind = "application/x-www-form-urlencoded"
    for body in (
        b"param=%7B%7D&sign=0123456789ABCDEF0123456789ABCDEF",
        b"param=%ED%A0%80&sign=%00",
        b"=",
        b"",
    ):
        answer = post(f"carrier/{address}", body, kind)
        assert (answer.status_code in (400, 403), json.loads(answer.content)["result"]) == (True, False), body
    assert set(verdicts(world)) == {"accepted", "forged", "refused"}
