"""Who would be in a batch that is proposed now, and who would not, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import Count, F, Sum

from tongdao.foundation.money import Fen
from tongdao.party.merchants.models import MerchantAccount
from tongdao.party.network.models import Promoter
from tongdao.party.people.wechat import openid_of
from tongdao.rewards.commissions.models import PAYABLE, Commission
from tongdao.rewards.settlement.models import Payee, Payout, Way
from tongdao.rewards.settlement.operations.batching import MOST

Hindrance = Literal["", "nameless", "unchecked", "too_little", "under_way", "later"]
"""`nameless`: no real name was said. `unchecked`: nobody compared the bank card with papers. `under_way`: a
payout is not over. `later`: a batch holds so many, the next one takes the others.
"""


@dataclass(frozen=True, slots=True)
class Due:
    """What a promoter has due, from so many order lines. `way` is empty where none was said.

    `unknown`: has not come by WeChat to this shop's app, so the money goes once that has happened. `owed_fen`
    is kept back from what is released next.
    """

    promoter_id: UUID
    name: str
    fen: Fen
    lines: int
    way: str
    hindrance: Hindrance
    unknown: bool
    owed_fen: Fen


@dataclass(frozen=True, slots=True)
class Preview:
    """`ready` are those whom a batch would pay. `debts`: who has nothing due and owes, in fen by name."""

    least: Fen
    ready: Sequence[Due]
    others: Sequence[Due]
    debts: Sequence[tuple[UUID, str, Fen]]

    @property
    def fen(self) -> Fen:
        return Fen(sum(each.fen for each in self.ready))


def preview_batch(least: Fen) -> Preview:
    """As it stands now; nothing is locked, and nobody is promised anything."""
    released = Commission.objects.filter(state="released").annotate(left=PAYABLE).filter(left__gt=0)
    sums = released.order_by().values("promoter_id").annotate(fen=Sum("left"), lines=Count("id"))
    due = {row["promoter_id"]: (Fen(int(row["fen"])), int(row["lines"])) for row in sums}
    owed = _owed()
    names = dict(Promoter.objects.filter(pk__in=[*due, *owed]).values_list("id", "shown_name"))
    rows = _rows(due, owed, names, least)
    debts = [(id, names[id], fen) for id, fen in sorted(owed.items()) if id not in due]
    ready = [row for row in rows if not row.hindrance]
    return Preview(least, ready, [row for row in rows if row.hindrance], debts)


def _owed() -> dict[UUID, Fen]:
    rows = Commission.objects.filter(owed_fen__gt=F("netted_fen")).order_by().values_list("promoter_id")
    return {id: Fen(int(fen)) for id, fen in rows.annotate(fen=Sum(F("owed_fen") - F("netted_fen")))}


def _rows(
    due: Mapping[UUID, tuple[Fen, int]], owed: Mapping[UUID, Fen], names: Mapping[UUID, str], least: Fen
) -> list[Due]:
    payees = {row.promoter_id: row for row in Payee.objects.filter(promoter_id__in=list(due))}
    open_ = Payout.objects.filter(state__in=["claimed", "approved"], promoter_id__in=list(due))
    busy = set(open_.values_list("promoter_id", flat=True))
    strangers = _strangers([id for id, payee in payees.items() if payee.way == Way.WECHAT])
    found, room = [], MOST
    for id in sorted(due):  # in the order in which a batch takes them
        fen, lines = due[id]
        payee = payees.get(id)
        why = _hindrance(payee, fen, least, busy=id in busy)
        if not why:
            why, room = ("" if room else "later"), max(room - 1, 0)
        way = payee.way if payee else ""
        found.append(Due(id, names.get(id, ""), fen, lines, way, why, id in strangers, owed.get(id, Fen(0))))
    return sorted(found, key=lambda row: -row.fen)


def _hindrance(payee: Payee | None, fen: Fen, least: Fen, *, busy: bool) -> Hindrance:
    if busy:
        return "under_way"
    if payee is None:
        return "nameless"
    if payee.way == Way.BANK and payee.checked_at is None:
        return "unchecked"
    return "too_little" if fen < least else ""


def _strangers(promoter_ids: Sequence[UUID]) -> set[UUID]:
    """Those of them whom the channel could not name a payee, at the account that new money goes through."""
    account = MerchantAccount.objects.filter(effective_to__isnull=True).first()
    if account is None:
        return set(promoter_ids)
    persons = Promoter.objects.filter(pk__in=list(promoter_ids)).values_list("id", "person_id")
    return {id for id, person_id in persons if not openid_of(person_id, account.appid)}
