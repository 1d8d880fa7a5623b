"""Paying promoters out: proposed by one of the staff, approved by another one."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from ninja import Query, Router

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.filtering import Filters, filters_of, rows_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.payout_shapes import (
    BankPaymentIn,
    MinimumIn,
    MinimumOut,
    PayoutBatchOut,
    PayoutOut,
    PayoutWholeOut,
    PreviewOut,
    ProposeIn,
    RejectIn,
    RevealedOut,
    batches_out,
    payout_out,
    payouts_out,
    preview_out,
    revealed_out,
)
from tongdao.faces.api.shapes import Limit, Offset, Page
from tongdao.faces.lists.registry import LISTS
from tongdao.party.merchants.operations import set_payout_minimum
from tongdao.party.merchants.queries import payout_minimum
from tongdao.rewards.settlement.operations import (
    approve_batch,
    give_up,
    note_bank_payment,
    propose_batch,
    reject_batch,
    send_again,
    unmask_payout,
)
from tongdao.rewards.settlement.proofs import proof_of
from tongdao.rewards.settlement.queries.desk import batch_row, paid_lines, payout_row, sendings_of
from tongdao.rewards.settlement.queries.due import preview_batch
from tongdao.rewards.settlement.refusals import NotYourProposal, PayoutsChanged

router = Router(tags=["payouts"])
DESK = "/merchants/{merchant_id}"
BATCHES = f"{DESK}/payout-batches"
BATCH = f"{BATCHES}/{{payout_batch_id}}"
PAYOUTS = f"{DESK}/payouts"
PAYOUT = f"{PAYOUTS}/{{payout_id}}"

if TYPE_CHECKING:
    BatchFilters = Filters
    PayoutFilters = Filters
else:
    BatchFilters = filters_of("payout_batches")
    PayoutFilters = filters_of("payouts")


@operation(router, "GET", f"{DESK}/payouts-due", need="money.move", answer=PreviewOut)
def preview_payout_batch(request: Call, merchant_id: UUID) -> PreviewOut:
    """Who would be paid by a batch that is proposed now, who would not, and why."""
    return preview_out(preview_batch(payout_minimum()))


@operation(router, "POST", BATCHES, need="money.move", answer=PayoutBatchOut, status=201, refuses=[409])
def propose_payout_batch(request: Call, merchant_id: UUID, body: ProposeIn) -> PayoutBatchOut:
    """Set aside all that is due to whoever can be paid. Nothing is sent before somebody else approves."""
    batch = propose_batch(payout_minimum(), actor=as_staff(request))
    (made,) = batches_out([batch])
    if body.expected_fen is not None and made.amount_fen != body.expected_fen:
        raise PayoutsChanged()
    return made


@operation(router, "PUT", f"{DESK}/payout-minimum", need="payouts.approve", answer=MinimumOut, refuses=[422])
def change_payout_minimum(request: Call, merchant_id: UUID, body: MinimumIn) -> MinimumOut:
    """From how much on promoters are paid out, from the next proposal on."""
    set_payout_minimum(body.least_fen, actor=as_staff(request))  # type: ignore[arg-type]  # checked whole fen
    return MinimumOut(least_fen=payout_minimum())


@operation(router, "GET", BATCHES, need="money.read", answer=Page[PayoutBatchOut])
def list_payout_batches(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[BatchFilters, Query()],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[PayoutBatchOut]:
    """Batches of payouts, newest first."""
    rows = rows_of(LISTS["payout_batches"], filters, limit + 1, offset)
    return Page(items=batches_out(rows[:limit]), more=len(rows) > limit)


@operation(router, "GET", BATCH, need="money.read", answer=PayoutBatchOut)
def read_payout_batch(request: Call, merchant_id: UUID, payout_batch_id: UUID) -> PayoutBatchOut:
    """A batch, with how much of it is in which state."""
    return _batch(payout_batch_id)


@operation(router, "POST", f"{BATCH}/approve", need="payouts.approve", answer=PayoutBatchOut, refuses=[409])
def approve_payout_batch(request: Call, merchant_id: UUID, payout_batch_id: UUID) -> PayoutBatchOut:
    """Let it go. Whoever proposed it cannot (403, same_person_decides)."""
    approve_batch(payout_batch_id, actor=as_staff(request))
    return _batch(payout_batch_id)


@operation(router, "POST", f"{BATCH}/reject", need="payouts.approve", answer=PayoutBatchOut, refuses=[409])
def reject_payout_batch(
    request: Call, merchant_id: UUID, payout_batch_id: UUID, body: RejectIn
) -> PayoutBatchOut:
    """The commissions are due again; the reason is on record."""
    reject_batch(payout_batch_id, reason=body.reason, actor=as_staff(request))
    return _batch(payout_batch_id)


@operation(router, "POST", f"{BATCH}/withdraw", need="money.move", answer=PayoutBatchOut, refuses=[409])
def withdraw_payout_batch(request: Call, merchant_id: UUID, payout_batch_id: UUID) -> PayoutBatchOut:
    """Take back what one proposed oneself; the commissions are due again."""
    if batch_row(payout_batch_id).proposed_by != request.auth.id:
        raise NotYourProposal()
    reject_batch(payout_batch_id, actor=as_staff(request))
    return _batch(payout_batch_id)


def _batch(id: UUID) -> PayoutBatchOut:
    return batches_out([batch_row(id)])[0]


@operation(router, "GET", PAYOUTS, need="money.read", answer=Page[PayoutOut])
def list_payouts(
    request: Call,
    merchant_id: UUID,
    filters: Annotated[PayoutFilters, Query()],
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[PayoutOut]:
    """Payouts of all batches, newest first."""
    rows = rows_of(LISTS["payouts"], filters, limit + 1, offset)
    return Page(items=payouts_out(rows[:limit]), more=len(rows) > limit)


@operation(router, "GET", PAYOUT, need="money.read", answer=PayoutWholeOut)
def read_payout(request: Call, merchant_id: UUID, payout_id: UUID) -> PayoutWholeOut:
    """A payout with the order lines that it pays for, and its transfers at the channel."""
    return _payout(payout_id)


@operation(router, "POST", f"{PAYOUT}/send", need="money.move", answer=PayoutWholeOut, refuses=[409])
def send_payout_again(request: Call, merchant_id: UUID, payout_id: UUID) -> PayoutWholeOut:
    """A new transfer for each part that came to nothing; none where the payee is not known to WeChat yet."""
    send_again(payout_id, actor=as_staff(request))
    return _payout(payout_id)


@operation(router, "POST", f"{PAYOUT}/bank-payment", need="money.move", answer=PayoutWholeOut, refuses=[409])
def note_payout_paid(
    request: Call, merchant_id: UUID, payout_id: UUID, body: BankPaymentIn
) -> PayoutWholeOut:
    """Somebody of the shop has paid at the bank what had not arrived; number and day are the proof."""
    note_bank_payment(payout_id, proof_of(body.number, body.paid_on), actor=as_staff(request))
    return _payout(payout_id)


@operation(router, "POST", f"{PAYOUT}/give-up", need="money.move", answer=PayoutWholeOut, refuses=[409])
def give_payout_up(request: Call, merchant_id: UUID, payout_id: UUID) -> PayoutWholeOut:
    """Nothing more of it can arrive: what has not is due again, all of it where nothing has."""
    give_up(payout_id, actor=as_staff(request))
    return _payout(payout_id)


@operation(router, "POST", f"{PAYOUT}/unmask", need="money.move", answer=RevealedOut)
def unmask_payout_card(request: Call, merchant_id: UUID, payout_id: UUID) -> RevealedOut:
    """Name and card in full, for paying at the bank. Who reads them is on record."""
    return revealed_out(unmask_payout(payout_id, actor=as_staff(request)))


def _payout(id: UUID) -> PayoutWholeOut:
    return payout_out(payout_row(id), sendings_of([id])[id], paid_lines(id))
