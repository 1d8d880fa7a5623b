"""Pushes: genuine, forged, altered, replayed, out of order, garbage. All of them are on record."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from uuid import UUID

import pytest

from tests.trade.shipping.sandbox import CarrierSandbox, Endpoint
from tests.trade.shipping.support import Shop
from tongdao.foundation import directory
from tongdao.foundation.ids import uuid7
from tongdao.trade.payments.models import CallbackRecord
from tongdao.trade.shipping.callbacks import LARGEST_PARAM, take_push
from tongdao.trade.shipping.models import Parcel, TrackingEvent
from tongdao.trade.shipping.operations import book_parcel

TAKEN = (200, {"result": True, "returnCode": "200", "message": "成功"})


def signed(param: str, salt: str) -> dict[str, str]:
    """The form with its signature by a hand that is not ours."""
    done = subprocess.run(
        ["openssl", "dgst", "-md5", "-r"], input=(param + salt).encode(), capture_output=True, check=True
    )
    return {"param": param, "sign": done.stdout.decode().split()[0].upper()}


def body(parcel: Parcel, *codes: str, day: int = 21, **changed: str) -> str:
    """A push's JSON: one line for each code, a minute apart, newest first."""
    lines = [
        {"ftime": f"2026-11-{day} 10:{minute:02d}:00", "context": f"到达{code}", "statusCode": code}
        for minute, code in enumerate(codes)
    ]
    result = {"nu": parcel.waybill_no, "com": parcel.carrier, "state": "0", "data": lines[::-1]}
    return json.dumps({"status": "polling", "lastResult": result | changed}, ensure_ascii=False)


@pytest.fixture
def parcel(shop: Shop) -> Parcel:
    waybill = f"YT{uuid7().int % 10**13:013d}"
    return shop.parcel(shop.pack(shop.paid_order(1), waybill, "yuantong"))


def push(parcel: Parcel, param: str, /, **changed: str) -> tuple[int, dict[str, object]]:
    return take_push(parcel.callback_token, signed(param, parcel.callback_salt) | changed)


def verdicts(shop: Shop) -> Counter[str]:
    with shop.scope():
        return Counter(CallbackRecord.objects.filter(source="carrier").values_list("verdict", flat=True))


def scans(shop: Shop, parcel_id: UUID) -> list[str]:
    with shop.scope():
        rows = TrackingEvent.objects.filter(parcel_id=parcel_id).order_by("scanned_at", "id")
        return list(rows.values_list("status", flat=True))


def test_a_genuine_push_moves_the_parcel(shop: Shop, parcel: Parcel) -> None:
    assert push(parcel, body(parcel, "103", "1002")) == TAKEN
    assert shop.parcel(parcel.id).state == "in_transit"
    assert scans(shop, parcel.id) == ["collected", "moving"]
    assert push(parcel, body(parcel, "103", "1002", "5", "301")) == TAKEN
    assert shop.parcel(parcel.id).state == "delivered"
    assert verdicts(shop) == {"accepted": 2}
    names = shop.events(parcel.id)
    assert names[2:] == ["parcel.moved", "parcel.moved", "parcel.delivered"]


def test_a_parcel_only_ordered_has_not_moved(shop: Shop, parcel: Parcel) -> None:
    push(parcel, body(parcel, "101"))
    assert shop.parcel(parcel.id).state == "shipped"


def test_the_same_message_again_is_a_replay(shop: Shop, parcel: Parcel) -> None:
    form = signed(body(parcel, "103"), parcel.callback_salt)
    assert [take_push(parcel.callback_token, form) for _ in range(3)] == [TAKEN] * 3
    assert scans(shop, parcel.id) == ["collected"]
    assert verdicts(shop) == {"accepted": 1, "replayed": 2}
    assert shop.events(parcel.id).count("parcel.moved") == 1


def test_another_message_with_nothing_new_is_a_repeat(shop: Shop, parcel: Parcel) -> None:
    push(parcel, body(parcel, "103"))
    assert push(parcel, body(parcel, "103", message="another wording")) == TAKEN
    assert verdicts(shop) == {"accepted": 1, "repeated": 1}
    assert scans(shop, parcel.id) == ["collected"]


@pytest.mark.parametrize("day", [20, 22], ids=["older", "newer"])
def test_delivered_never_goes_back(shop: Shop, parcel: Parcel, day: int) -> None:
    push(parcel, body(parcel, "103", "1002", "301"))
    when = shop.parcel(parcel.id).delivered_at
    assert push(parcel, body(parcel, "5", "301", "204", day=day)) == TAKEN
    found = shop.parcel(parcel.id)
    assert (found.state, found.delivered_at, found.problem, found.check_at) == ("delivered", when, "", None)
    assert len(scans(shop, parcel.id)) == 6
    assert shop.events(parcel.id).count("parcel.delivered") == 1


@pytest.mark.parametrize(
    "changed",
    [{"sign": "0" * 32}, {"sign": "签"}, {"param": "{}"}, {"param": "no JSON"}],
    ids=["sign", "sign-text", "param", "garbage"],
)
def test_forged_and_altered_pushes_are_refused(shop: Shop, parcel: Parcel, changed: dict[str, str]) -> None:
    status, said = push(parcel, body(parcel, "301"), **changed)
    assert (status, said["result"]) == (403, False)
    assert verdicts(shop) == {"forged": 1}
    assert (shop.parcel(parcel.id).state, scans(shop, parcel.id)) == ("shipped", [])


def test_signed_for_another_parcel_is_forged(shop: Shop, parcel: Parcel) -> None:
    other = shop.parcel(shop.pack(shop.paid_order(1), "JT0000000000001", "jtexpress"))
    form = signed(body(parcel, "301"), other.callback_salt)
    assert take_push(parcel.callback_token, form)[0] == 403


def test_in_small_letters_the_signature_is_not_the_protocols(shop: Shop, parcel: Parcel) -> None:
    form = signed(body(parcel, "301"), parcel.callback_salt)
    assert take_push(parcel.callback_token, form | {"sign": form["sign"].lower()})[0] == 403


@pytest.mark.parametrize(
    "param",
    [
        "no JSON",
        "[]",
        "{}",
        '{"lastResult": []}',
        '{"lastResult": {"data": {}}}',
        '{"lastResult": {"nu": 1, "data": []}}',
        "[" * 100_000,
        '{"lastResult": {"data": [1]}}',
        '{"lastResult": {"data": [{"ftime": "yesterday"}]}}',
        '{"lastResult": {"data": [{"ftime": "0001-01-01 00:00:00"}]}}',
        json.dumps({"lastResult": {"data": [{"ftime": "2026-11-21 10:00:00"}] * 301}}),
    ],
    ids=lambda param: param[:40],
)
def test_garbage_with_a_true_signature_is_refused(shop: Shop, parcel: Parcel, param: str) -> None:
    status, said = push(parcel, param)
    assert (status, said["result"]) == (400, False)
    assert verdicts(shop) == {"refused": 1}


@pytest.mark.parametrize("form", [{}, {"param": "{}"}, {"sign": "0" * 32}, {"param": "", "sign": ""}])
def test_half_a_form_is_refused(shop: Shop, parcel: Parcel, form: dict[str, str]) -> None:
    assert take_push(parcel.callback_token, form)[0] == 400
    assert verdicts(shop) == {"refused": 1}


def test_a_huge_push_is_refused(shop: Shop, parcel: Parcel) -> None:
    assert push(parcel, "x" * (LARGEST_PARAM + 1))[0] == 400
    assert verdicts(shop) == {"refused": 1}


def test_text_that_the_database_cannot_hold_is_cut(shop: Shop, parcel: Parcel) -> None:
    line = {"ftime": "2026-11-21 10:00:00", "context": "a\x00\ud800<script>" + "长" * 900, "statusCode": "1"}
    param = json.dumps({"lastResult": {"nu": parcel.waybill_no, "com": parcel.carrier, "data": [line]}})
    assert push(parcel, param) == TAKEN
    with shop.scope():
        text = TrackingEvent.objects.get(parcel_id=parcel.id).text
    assert text.startswith("a?<script>") and len(text) == 500


@pytest.mark.parametrize(("nu", "com"), [("", "other"), ("other", "")], ids=["carrier", "waybill"])
def test_about_another_waybill_is_unknown(shop: Shop, parcel: Parcel, nu: str, com: str) -> None:
    param = body(parcel, "301", nu=nu or parcel.waybill_no, com=com or parcel.carrier)
    assert push(parcel, param)[0] == 404
    assert shop.parcel(parcel.id).state == "shipped"
    assert verdicts(shop) == {"unknown": 1}


@pytest.mark.parametrize("token", ["", "x", "a" * 129, "\x00", "../..", "令牌", "'; drop table parcel; --"])
def test_tokens_that_nobody_has(token: str) -> None:
    status, said = take_push(token, {"param": "{}", "sign": "0"})
    assert (status, said["result"]) == (404, False)


def test_a_token_of_something_else_is_unknown(shop: Shop) -> None:
    token = uuid7().hex
    with shop.scope():
        directory.register("callback", token, shop.merchant_id, uuid7())
    assert take_push(token, {"param": "{}", "sign": "0"})[0] == 404
    assert verdicts(shop) == {"unknown": 1}


def test_trouble_is_shown_and_passes(shop: Shop, parcel: Parcel) -> None:
    push(parcel, body(parcel, "103", "204"))
    assert shop.parcel(parcel.id).problem == "trouble"
    push(parcel, body(parcel, "103", "204", "5"))
    assert shop.parcel(parcel.id).problem == ""


def test_a_returned_parcel_is_not_delivered(shop: Shop, parcel: Parcel) -> None:
    push(parcel, body(parcel, "103", "6", "4"))
    found = shop.parcel(parcel.id)
    assert (found.state, found.problem, found.check_at) == ("in_transit", "returned", None)


@pytest.mark.parametrize(
    ("mode", "statuses"),
    [("twice", {200}), ("out_of_order", {200}), ("altered_signature", {403, 200})],
)
def test_the_sandbox_misbehaves(
    connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint, mode: str, statuses: set[int]
) -> None:
    parcel_id = connected.pack(connected.paid_order(1))
    book_parcel(connected.merchant_id, parcel_id)
    sandbox.control("flush")
    parcel = connected.parcel(parcel_id)
    for _ in range(20):
        sandbox.control("mode", mode=mode, number=parcel.waybill_no)
        if not moves(sandbox, parcel):
            break
        sandbox.control("mode", mode="off")
        moves(sandbox, parcel)
    sandbox.control("mode", mode="off")
    sandbox.control("flush")
    found = connected.parcel(parcel_id)
    assert set(endpoint.statuses(parcel.callback_token)) == statuses
    assert found.state == "delivered"
    told = scans(connected, parcel_id)
    assert told[0] == "ordered" and told.count("delivered") == 1
    assert connected.events(parcel_id).count("parcel.delivered") == 1


def moves(sandbox: CarrierSandbox, parcel: Parcel) -> bool:
    (known,) = sandbox.parcels(parcel.id.hex)
    if known["phase"] != "moving":
        return False
    sandbox.control("advance", number=parcel.waybill_no)
    return True


def test_what_the_sandbox_sent_is_taken_once(
    connected: Shop, sandbox: CarrierSandbox, endpoint: Endpoint
) -> None:
    parcel_id = connected.pack(connected.paid_order(1))
    book_parcel(connected.merchant_id, parcel_id)
    parcel = connected.parcel(parcel_id)
    sandbox.control("advance", number=parcel.waybill_no, steps=3)
    sandbox.control("flush")
    told = scans(connected, parcel_id)
    for form in endpoint.pushes(parcel.callback_token):
        assert take_push(parcel.callback_token, form) == TAKEN
    assert scans(connected, parcel_id) == told and len(told) == 4
    assert verdicts(connected)["replayed"] >= 1
