"""The client against a gateway that answers badly or not at all, and our reading of status codes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.trade.shipping.sandbox import CarrierSandbox, Quiet, Server
from tests.trade.shipping.support import SENDER
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import ScopeNested, merchant_scope
from tongdao.trade.shipping.carriers import CARRIERS, STATUS_NAMES, Status, status_of
from tongdao.trade.shipping.gateway import (
    Access,
    GatewayDown,
    GatewayRefused,
    Party,
    Watch,
    WaybillRequest,
)
from tongdao.trade.shipping.kuaidi100 import LARGEST_ANSWER, Kuaidi100Gateway

RECEIVER = Party("张三丰", "13912345678", "广东省深圳市南山区科技南十二路2号")
WATCH = Watch("ems", "1234567890", RECEIVER.phone)


def request(reference: str = "") -> WaybillRequest:
    return WaybillRequest(reference or uuid7().hex, "ems", SENDER, RECEIVER)


def gateway_at(url: str) -> Kuaidi100Gateway:
    return Kuaidi100Gateway(Access(url, "key", "secret", "customer", "partner"))


@contextmanager
def answering(status: int, text: str, **headers: str) -> Iterator[Kuaidi100Gateway]:
    class Fixed(Quiet):
        def answer(self, body: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

    server = Server(Fixed)
    try:
        yield gateway_at(server.url)
    finally:
        server.close()


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (500, "{}"),
        (302, "{}"),
        (200, "<html>"),
        (200, "[]"),
        (200, ""),
        (200, "{}"),
        (200, '{"code": 200, "data": null}'),
        (200, '{"code": 200, "data": {"kuaidinum": 7}}'),
        (200, '{"code": 200, "data": {"kuaidinum": "1"}}'),
        (200, '{"code": 500, "message": "服务器错误"}'),
        (200, '{"code": "<b>"}'),
        (200, "[" * 100_000),
        (200, " " * (LARGEST_ANSWER + 1) + "{}"),
    ],
    ids=str,
)
@pytest.mark.pure
def test_no_usable_answer_is_a_gateway_down(status: int, text: str) -> None:
    with answering(status, text, Location="http://127.0.0.1:1/") as gateway, pytest.raises(GatewayDown):
        gateway.book_waybill(request())


@pytest.mark.pure
def test_nobody_there_is_a_gateway_down() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gateway = gateway_at(f"http://127.0.0.1:{closed.getsockname()[1]}")
        for call in (
            lambda: gateway.book_waybill(request()),
            lambda: gateway.query(WATCH),
            lambda: gateway.subscribe(WATCH, "http://localhost/", "salt"),
        ):
            with pytest.raises(GatewayDown):
                call()


@pytest.mark.pure
def test_a_trace_that_cannot_be_read_is_a_gateway_down() -> None:
    with answering(200, '{"data": "x"}') as gateway, pytest.raises(GatewayDown):
        gateway.query(WATCH)


@pytest.mark.pure
def test_keys_are_not_shown() -> None:
    shown = repr(Access("http://x", "the-key", "the-secret", "the-customer", "the-partner"))
    assert "the-" not in shown and RECEIVER.phone not in repr(request()) + repr(WATCH)


def test_refusals_name_who_is_at_fault(sandbox: CarrierSandbox) -> None:
    for changed, code, ours in (
        ({"key": "x"}, "600", True),
        ({"secret": "x"}, "503", True),
        ({"partner_id": "x"}, "400", False),
    ):
        with pytest.raises(GatewayRefused) as refused:
            Kuaidi100Gateway(sandbox.access(**changed)).book_waybill(request())
        assert (refused.value.code, refused.value.ours) == (code, ours)


def test_a_reference_gives_one_waybill(sandbox: CarrierSandbox) -> None:
    gateway, asked = Kuaidi100Gateway(sandbox.access()), request()
    assert gateway.book_waybill(asked) == gateway.book_waybill(asked)
    with pytest.raises(GatewayRefused) as refused:
        gateway.book_waybill(WaybillRequest(asked.reference, "ems", RECEIVER, SENDER))
    assert (refused.value.code, refused.value.ours) == ("501", False)


def test_following_twice_is_well_and_nothing_known_is_none(sandbox: CarrierSandbox) -> None:
    gateway = Kuaidi100Gateway(sandbox.access())
    number = gateway.book_waybill(request()).number
    watch = Watch("ems", number, RECEIVER.phone)
    for _ in range(2):
        gateway.subscribe(watch, "http://127.0.0.1:9/callbacks/carrier/x", "salt")
    trace = gateway.query(watch)
    assert trace is not None and [scan.status for scan in trace.scans] == [Status.ORDERED]
    assert gateway.query(Watch("ems", "9999999999", "")) is None


def test_no_call_inside_a_scope() -> None:
    with merchant_scope(uuid7()), pytest.raises(ScopeNested):
        gateway_at("http://127.0.0.1:9").query(WATCH)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("101", Status.ORDERED),
        ("103", Status.COLLECTED),
        ("1", Status.COLLECTED),
        ("0", Status.MOVING),
        ("1001", Status.ARRIVED),
        ("1002", Status.MOVING),
        ("5", Status.DELIVERING),
        ("501", Status.TO_COLLECT),
        ("3", Status.DELIVERED),
        ("301", Status.DELIVERED),
        ("304", Status.DELIVERED),
        ("204", Status.TROUBLE),
        ("4", Status.RETURNED),
        ("401", Status.CANCELLED),
        ("14", Status.REFUSED),
        ("13", Status.CUSTOMS),
        ("6", Status.RETURNING),
        ("", Status.MOVING),
        ("x", Status.MOVING),
    ],
)
def test_status_codes(code: str, status: Status) -> None:
    assert status_of(code) is status


@pytest.mark.pure
def test_the_sandbox_knows_our_carriers() -> None:
    from tongdao.sandboxes.carrier.carriers import CARRIERS as THEIRS

    assert set(CARRIERS) == set(THEIRS)
    assert set(STATUS_NAMES) == set(Status)
