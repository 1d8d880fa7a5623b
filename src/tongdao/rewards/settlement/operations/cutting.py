"""A payout by WeChat in parts, each a bill of its own at the channel."""

from __future__ import annotations

from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.money import Fen
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.models import MerchantAccount
from tongdao.party.merchants.operations import current_account
from tongdao.party.network.models import Promoter
from tongdao.party.people.wechat import openid_of
from tongdao.rewards.settlement.models import Payout, Transfer, Way
from tongdao.rewards.settlement.parts import parts_of
from tongdao.rewards.settlement.refusals import TransferStillOpen
from tongdao.rulebook.wechat import TRANSFER_MAX_FEN, TRANSFER_MIN_FEN


def cut_transfers(payout: Payout) -> int:
    """Make what is to be sent; how many. Nothing where the payee has not come by WeChat to this shop's app:
    it is cut when it has (`send_again`). The caller holds the payout's lock.
    """
    account = current_account()
    person_id = Promoter.objects.values_list("person_id", flat=True).get(pk=payout.promoter_id)
    openid = openid_of(person_id, account.appid)
    if not openid:
        return 0
    now = clock.now()
    least, most = Fen(TRANSFER_MIN_FEN.on(now)), Fen(TRANSFER_MAX_FEN.on(now))
    parts = parts_of(Fen(payout.amount_fen), least, most)
    for number, fen in enumerate(parts, 1):
        _new(payout, account, openid, number, fen)
    return len(parts)


def _new(payout: Payout, account: MerchantAccount, openid: str, part: int, fen: Fen) -> None:
    now = clock.now()
    Transfer.objects.create(
        payout=payout,
        account=account,
        part=part,
        amount_fen=fen,
        bill_no=uuid7().hex,
        payee=openid,
        created_at=now,
        check_at=now,
    )


def send_again(payout_id: UUID, *, actor: Actor) -> int:
    """Cut what was never cut, and make a new bill for each part whose last one is closed without being paid;
    how many. Raises TransferStillOpen where all that is not paid is open.
    """
    if not lock_rows(Rank.PAYOUT, Payout, [payout_id]):
        raise NotFound()
    payout = Payout.objects.get(pk=payout_id)
    if payout.state != "approved" or payout.way != Way.WECHAT:
        raise NotFound()
    last = {row.part: row for row in Transfer.objects.filter(payout=payout).order_by("part", "id")}
    if not last:
        return cut_transfers(payout)
    closed = [row for row in last.values() if row.state in ("failed", "cancelled")]
    if not closed:
        raise TransferStillOpen()
    account = current_account()
    person_id = Promoter.objects.values_list("person_id", flat=True).get(pk=payout.promoter_id)
    openid = openid_of(person_id, account.appid)
    for row in closed if openid else ():
        _new(payout, account, openid, row.part, Fen(row.amount_fen))
    return len(closed) if openid else 0
