"""The port to a carrier gateway: what we ask of it, whoever answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tongdao.trade.shipping.carriers import Status


class GatewayDown(Exception):
    """No usable answer: unreachable, too slow, broken. Whether it acted is unknown; ask again later."""


class GatewayRefused(Exception):
    """It said no. `code` is its own; `ours`: the account is at fault, not this parcel."""

    def __init__(self, code: str, *, ours: bool) -> None:
        super().__init__(code)
        self.code = code
        self.ours = ours


class BadTrace(ValueError):
    """What should tell of a parcel's way cannot be read."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where the gateway is and what the merchant signs with."""

    url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    customer: str = field(repr=False)
    partner_id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Party:
    """Sender or receiver, as printed on the waybill."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class WaybillRequest:
    """`reference` is ours: asking twice with the same content gives the same waybill."""

    reference: str
    carrier: str
    sender: Party
    receiver: Party


@dataclass(frozen=True, slots=True)
class Waybill:
    """`order_no` is the gateway's own number of the order, which cancelling asks for; `sorting` are the large
    words by which the carrier sorts. Either may be empty."""

    number: str
    order_no: str = ""
    sorting: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """A parcel to be followed. `phone` is the receiver's, which some carriers want to see."""

    carrier: str
    waybill_no: str
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scan:
    """One line of a parcel's way."""

    status: Status
    text: str
    area: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Trace:
    """The way as far as the gateway knows it."""

    carrier: str
    waybill_no: str
    scans: tuple[Scan, ...]


class CarrierGateway(Protocol):
    """Each call raises GatewayDown or GatewayRefused, and ScopeNested inside a scope."""

    def book_waybill(self, request: WaybillRequest) -> Waybill:
        """The waybill; the same for the same reference."""

    def cancel_waybill(self, carrier: str, waybill: Waybill) -> None:
        """Give a waybill back that nobody has collected; refused when somebody has, or when it is gone."""

    def subscribe(self, watch: Watch, callback_url: str, salt: str) -> None:
        """Have scans pushed to `callback_url`, signed with `salt`; well also when that is so already."""

    def query(self, watch: Watch) -> Trace | None:
        """The way so far; None when nothing is known yet."""
