"""The chart of accounts as data: every kind of account that a merchant's books may have, and what it means.

A posting moves an amount from a source (debited, it gives) to a destination (credited, it receives);
an account's balance is what it received minus what it gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal
from uuid import UUID

from tongdao.foundation.money import Fen

Owner = Literal["none", "partner", "promoter"]


@dataclass(frozen=True, slots=True)
class Subject:
    """An account of the Chinese chart for enterprises (企业会计准则—应用指南), two levels: code and name."""

    code: str
    name: str


class UnknownAccount(ValueError):
    """The chart has no such kind of account, or the account lacks its owner or may have none."""


@dataclass(frozen=True, slots=True)
class AccountKind:
    """`owner`: whose id the account carries. `sign`: which balances are possible, "any", ">=0" or "<=0".

    `floor` and `ceiling`: the balances below and above which no posting may bring the account, guarded by a
    running balance row that serialises those who post to it; both None where that row would serialise every
    committer of the merchant. `subject`: where the account stands in the merchant's own books (see export).
    """

    name: str
    explanation: str
    owner: Owner = field(default="none", kw_only=True)
    subject: Subject
    sign: Literal["any", ">=0", "<=0"] = ">=0"
    floor: Fen | None = None
    ceiling: Fen | None = None

    @property
    def limited(self) -> bool:
        return self.floor is not None or self.ceiling is not None


_KINDS = (
    AccountKind(
        "external.buyer",
        "The world outside: buyers' own money. What came in less what went back, so never above zero.",
        Subject("101201", "其他货币资金—支付渠道"),
        sign="<=0",
    ),
    AccountKind(
        "external.payee",
        "The world outside: money that has reached those who were owed it. What was paid out to them.",
        Subject("101202", "其他货币资金—已付出"),
    ),
    AccountKind(
        "buyer_funds",
        "Money of captured payments that stands at the channel and is not yet anyone's share.",
        Subject("220301", "预收账款—待分配货款"),
    ),
    AccountKind(
        "held.seller",
        "A seller's share of paid lines, until the buyer has the goods and may no longer give them back.",
        Subject("220401", "合同负债—未完成订单"),
        owner="partner",
    ),
    AccountKind(
        "held.supplier",
        "A supplier's price for goods of paid lines that it ships, until they are released.",
        Subject("220201", "应付账款—供货商（未到期）"),
        owner="partner",
    ),
    AccountKind(
        "held.partner",
        "A partner's margin on paid lines, until they are released.",
        Subject("220203", "应付账款—渠道商（未到期）"),
        owner="partner",
    ),
    AccountKind(
        "held.promoter",
        "A promoter's commission on paid lines, until they are released.",
        Subject("224101", "其他应付款—推广佣金（冻结）"),
        owner="promoter",
    ),
    AccountKind(
        "released.seller",
        "What is due to a seller: the source of its payouts.",
        Subject("600101", "主营业务收入—商品销售"),
        owner="partner",
        floor=Fen(0),
    ),
    AccountKind(
        "released.supplier",
        "What is due to a supplier: the source of its payouts.",
        Subject("220202", "应付账款—供货商（已到期）"),
        owner="partner",
        floor=Fen(0),
    ),
    AccountKind(
        "released.partner",
        "What is due to a partner: the source of its payouts.",
        Subject("220204", "应付账款—渠道商（已到期）"),
        owner="partner",
        floor=Fen(0),
    ),
    AccountKind(
        "released.promoter",
        "What is due to a promoter: the source of its payouts.",
        Subject("224102", "其他应付款—推广佣金（可提）"),
        owner="promoter",
        floor=Fen(0),
    ),
    AccountKind(
        "claimed.promoter",
        "What a payout that is under way has taken from a promoter's due, until it is paid or comes back.",
        Subject("224103", "其他应付款—推广佣金（付款中）"),
        owner="promoter",
        floor=Fen(0),
    ),
    AccountKind(
        "owed_back.promoter",
        "Commission that was paid out on goods given back later: below zero by what the next one makes good.",
        Subject("122101", "其他应收款—推广员应退佣金"),
        owner="promoter",
        sign="<=0",
        ceiling=Fen(0),
    ),
    AccountKind(
        "tax_withheld",
        "Income tax kept back from payouts, until it is handed to the tax office.",
        Subject("222101", "应交税费—代扣个人所得税"),
    ),
    AccountKind(
        "platform_fee",
        "What the platform asks of this merchant for its sales.",
        Subject("224105", "其他应付款—平台服务费"),
    ),
    AccountKind(
        "channel_fee",
        "What the payment channel keeps of captured payments.",
        Subject("101203", "其他货币资金—渠道已扣手续费"),
    ),
    AccountKind(
        "coupon_cost",
        "What those other than the seller bear of discounts: below zero by what they have put in.",
        Subject("122102", "其他应收款—优惠承担方"),
        sign="<=0",
    ),
    AccountKind(
        "refund_due",
        "Promised back to buyers and not yet paid back by the channel.",
        Subject("224104", "其他应付款—应退货款"),
    ),
)

CHART: Mapping[str, AccountKind] = {kind.name: kind for kind in _KINDS}


@dataclass(frozen=True, slots=True, order=True)
class AccountRef:
    """One account of the chart. Raises UnknownAccount where the chart has no such account.

    `code` is `kind` or `kind:owner`, as in the column `ledger_account.code`.
    """

    kind: str
    owner: UUID | None = None
    code: str = field(init=False, compare=False, repr=False)

    def __hash__(self) -> int:
        return hash(self.code)  # a text keeps its hash; accounts are looked up for each posting

    def __post_init__(self) -> None:
        entry = CHART.get(self.kind)
        if entry is None:
            raise UnknownAccount(f"{self.kind!r} is not in the chart of accounts")
        if entry.owner == "none" and self.owner is not None:
            raise UnknownAccount(f"{self.kind} belongs to nobody")
        if entry.owner != "none" and not isinstance(self.owner, UUID):
            raise UnknownAccount(f"{self.kind} needs the id of a {entry.owner}")
        code = self.kind if self.owner is None else f"{self.kind}:{self.owner}"
        object.__setattr__(self, "code", code)

    @property
    def entry(self) -> AccountKind:
        return CHART[self.kind]


EXTERNAL_BUYER = AccountRef("external.buyer")
BUYER_FUNDS = AccountRef("buyer_funds")
CHANNEL_FEE = AccountRef("channel_fee")
REFUND_DUE = AccountRef("refund_due")


@lru_cache(maxsize=10_000)
def account(kind: str, owner: UUID | None = None) -> AccountRef:
    """An `AccountRef` that is made once: thousands of lines name the same few."""
    return AccountRef(kind, owner)


def held_seller(partner_id: UUID) -> AccountRef:
    return account("held.seller", partner_id)


def held_promoter(promoter_id: UUID) -> AccountRef:
    return account("held.promoter", promoter_id)


def released_seller(partner_id: UUID) -> AccountRef:
    return account("released.seller", partner_id)


def released_promoter(promoter_id: UUID) -> AccountRef:
    return account("released.promoter", promoter_id)


def owed_back_promoter(promoter_id: UUID) -> AccountRef:
    return account("owed_back.promoter", promoter_id)


def read_code(code: str) -> AccountRef:
    """The account that `code` names; raises UnknownAccount."""
    kind, _, owner = code.partition(":")
    try:
        return AccountRef(kind, UUID(owner) if owner else None)
    except ValueError as error:
        raise UnknownAccount(f"{code!r} names no account") from error


def limited(accounts: Iterable[AccountRef]) -> list[AccountRef]:
    """Those of `accounts` whose balance is guarded."""
    return [each for each in accounts if each.entry.limited]
