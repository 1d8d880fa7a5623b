"""What payments ask of a channel, in our own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from tongdao.foundation.money import Fen
from tongdao.foundation.sweeping import Unreachable
from tongdao.party.merchants.models import MerchantAccount


class GatewayDown(Unreachable):
    """The channel did not answer, or answered that it is busy: nobody knows what it did. Ask again."""


class GatewayRefused(Exception):
    """The channel says no; `code` is its own."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class BadCallback(Exception):
    """A message that does not verify as the channel's."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A merchant account as the gateway client needs it, taken out of the scope that read it."""

    account_id: UUID
    mchid: str
    appid: str
    certificate_serial: str
    private_key: str = field(repr=False)
    api_v3_key: str = field(repr=False)
    platform_key_id: str
    platform_public_key: str
    gateway_url: str
    callback_token: str = field(repr=False)

    @classmethod
    def of(cls, account: MerchantAccount) -> Credentials:
        return cls(
            account_id=account.id,
            mchid=account.mchid,
            appid=account.appid,
            certificate_serial=account.certificate_serial,
            private_key=account.private_key,
            api_v3_key=account.api_v3_key,
            platform_key_id=account.platform_key_id,
            platform_public_key=account.platform_public_key,
            gateway_url=account.gateway_url,
            callback_token=account.callback_token,
        )


@dataclass(frozen=True, slots=True)
class PayTerms:
    """One payment to be opened. `payer` is an openid (jsapi), `client_ip` the payer's address (h5)."""

    product: Literal["jsapi", "h5", "native"]
    trade_no: str
    description: str
    amount_fen: Fen
    expires_at: datetime
    notify_url: str
    payer: str = ""
    client_ip: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class RefundTerms:
    """One refund of a payment of `total_fen`."""

    refund_no: str
    trade_no: str
    amount_fen: Fen
    total_fen: Fen
    notify_url: str


@dataclass(frozen=True, slots=True)
class PaidNotice:
    """What the channel tells of a payment. Amount and moment are None unless `state` is "paid"."""

    trade_no: str
    state: Literal["paid", "open", "closed", "unknown"]
    channel_no: str = ""
    amount_fen: Fen | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundNotice:
    """What the channel tells of a refund. `closed`: of a failed one, that it moved no money and never will as
    that number; else the same request may be sent again.
    """

    refund_no: str
    state: Literal["accepted", "succeeded", "failed", "unknown"]
    channel_no: str = ""
    amount_fen: Fen | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class TransferTerms:
    """Money to a person, who has to take it. `payee` is an openid; `name` the real name it must bear, or
    nothing where the amount asks for none. `reports`: what the scene must be told, (kind, content).
    """

    bill_no: str
    payee: str
    amount_fen: Fen
    remark: str
    scene: str
    reports: tuple[tuple[str, str], ...]
    notify_url: str
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TransferNotice:
    """What the channel tells of a transfer. `package`: what the payee's page needs while it is "waiting";
    `reason`: the channel's own word for a failure.
    """

    bill_no: str
    state: Literal["accepted", "waiting", "paid", "failed", "cancelled", "unknown"]
    channel_no: str = ""
    amount_fen: Fen | None = None
    package: str = ""
    reason: str = ""


class Gateway(Protocol):
    """A channel. Every call goes outside and raises ScopeNested inside a scope."""

    def open(self, terms: PayTerms) -> Mapping[str, Any]:
        """What the buyer's page needs: {"h5_url"}, {"code_url"} or {"prepay_id"}."""

    def query(self, trade_no: str) -> PaidNotice: ...

    def close(self, trade_no: str) -> Literal["closed", "paid"]: ...

    def refund(self, terms: RefundTerms) -> RefundNotice: ...

    def query_refund(self, refund_no: str) -> RefundNotice: ...

    def transfer(self, terms: TransferTerms) -> TransferNotice:
        """Asking again with the same terms gives the same bill, as it is by then."""

    def query_transfer(self, bill_no: str) -> TransferNotice: ...

    def cancel_transfer(self, bill_no: str) -> TransferNotice:
        """Take back what its payee has not taken; raises GatewayRefused where it is too late."""

    def read(self, headers: Mapping[str, str], body: str) -> PaidNotice | RefundNotice | TransferNotice:
        """Verify and decrypt a callback; raises BadCallback."""

    def jsapi_parameters(self, prepay_id: str) -> Mapping[str, str]:
        """What the page hands to WeixinJSBridge, signed."""
