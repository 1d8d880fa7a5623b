"""The chart of accounts as data: every kind of account that a merchant's books may have, and what it means.

A posting moves an amount from a source (debited, it gives) to a destination (credited, it receives);
an account's balance is what it received minus what it gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from tongdao.foundation.money import Fen

Owner = Literal["none", "partner", "promoter"]


class UnknownAccount(ValueError):
    """The chart has no such kind of account, or the account lacks its owner or may have none."""


@dataclass(frozen=True, slots=True)
class AccountKind:
    """`owner`: whose id the account carries. `sign`: which balances are possible, "any", ">=0" or "<=0".

    `floor`: the balance below which no posting may bring the account, guarded by a running balance row that
    serialises those who post to it; None where such a row would serialise every committer of the merchant.
    """

    name: str
    explanation: str
    owner: Owner = "none"
    sign: Literal["any", ">=0", "<=0"] = ">=0"
    floor: Fen | None = None


_KINDS = (
    AccountKind(
        "external.buyer",
        "The world outside: buyers' own money. What came in less what went back, so never above zero.",
        sign="<=0",
    ),
    AccountKind(
        "buyer_funds",
        "Money of captured payments that stands at the channel and is not yet anyone's share.",
    ),
    AccountKind(
        "held.seller",
        "A seller's share of paid lines, until the buyer has the goods and may no longer give them back.",
        owner="partner",
    ),
    AccountKind(
        "held.promoter",
        "A promoter's commission on paid lines, until they are completed.",
        owner="promoter",
    ),
    AccountKind(
        "released.seller",
        "What is due to a seller: the source of its payouts.",
        owner="partner",
        floor=Fen(0),
    ),
    AccountKind(
        "released.promoter",
        "What is due to a promoter: the source of its payouts.",
        owner="promoter",
        floor=Fen(0),
    ),
    AccountKind(
        "channel_fee",
        "What the payment channel keeps of captured payments.",
    ),
    AccountKind(
        "refund_due",
        "Promised back to buyers and not yet paid back by the channel.",
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
    def floor(self) -> Fen | None:
        return CHART[self.kind].floor


EXTERNAL_BUYER = AccountRef("external.buyer")
BUYER_FUNDS = AccountRef("buyer_funds")
CHANNEL_FEE = AccountRef("channel_fee")
REFUND_DUE = AccountRef("refund_due")


def held_seller(partner_id: UUID) -> AccountRef:
    return AccountRef("held.seller", partner_id)


def held_promoter(promoter_id: UUID) -> AccountRef:
    return AccountRef("held.promoter", promoter_id)


def released_seller(partner_id: UUID) -> AccountRef:
    return AccountRef("released.seller", partner_id)


def released_promoter(promoter_id: UUID) -> AccountRef:
    return AccountRef("released.promoter", promoter_id)


def read_code(code: str) -> AccountRef:
    """The account that `code` names; raises UnknownAccount."""
    kind, _, owner = code.partition(":")
    try:
        return AccountRef(kind, UUID(owner) if owner else None)
    except ValueError as error:
        raise UnknownAccount(f"{code!r} names no account") from error


def limited(accounts: Iterable[AccountRef]) -> list[AccountRef]:
    """Those of `accounts` whose balance is guarded."""
    return [account for account in accounts if account.floor is not None]
