"""What the channel says of refunds: accepted, paid back, failed, or nothing yet. In the open scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tongdao.finance.ledger.operations import Draft, post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import as_row, record_many
from tongdao.foundation.locks import Rank, lock_rows
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.states import claim
from tongdao.foundation.tenancy import current_merchant
from tongdao.trade.payments.events import RefundCompleted, RefundFailed
from tongdao.trade.payments.gateways import RefundNotice
from tongdao.trade.payments.models import Refund
from tongdao.trade.payments.operations.booking import paid_back_draft
from tongdao.trade.payments.states import REFUND

CHANNEL_CLOSED = "channel_closed"  # of Refund.problem: its number is spent, and no money has moved
SLOWEST = timedelta(hours=1)
FIND = "select refund_no, id from refund where merchant_id = %s and refund_no = any(%s)"


@dataclass(frozen=True, slots=True)
class Word:
    """The channel's word on a refund. `problem`: its error code, where it gave one instead. `request`: by
    which it came, where another thread writes for it.
    """

    notice: RefundNotice
    problem: str = ""
    request: UUID | None = None


def record_refund(notice: RefundNotice, *, problem: str = "", actor: Actor) -> bool:
    """Take note of what the channel says of a refund; True when it told something new. Raises NotFound."""
    answer = record_refunds([Word(notice, problem)], actor=actor)[0]
    if isinstance(answer, NotFound):
        raise answer
    return answer


def record_refunds(words: Sequence[Word], *, actor: Actor) -> list[bool | NotFound]:
    """Take note of the channel's words in order, each as if it came alone; the answers in that order."""
    found = find_refunds(word.notice for word in words)
    lock_refunds(found)
    answers, drafts = settle_refunds(words, found, actor=actor)
    post_transactions(drafts, actor=actor)
    return answers


def find_refunds(notices: Iterable[RefundNotice]) -> Mapping[str, UUID]:
    """The refunds that the notices are about, by refund number; not locked yet."""
    numbers = [notice.refund_no for notice in notices]
    return dict(execute_prepared(FIND, [current_merchant(), numbers]).fetchall()) if numbers else {}


def lock_refunds(found: Mapping[str, UUID]) -> None:
    lock_rows(Rank.REFUND, Refund, found.values())


def settle_refunds(
    words: Sequence[Word], found: Mapping[str, UUID], *, actor: Actor
) -> tuple[list[bool | NotFound], list[Draft]]:
    """As `record_refunds`, but what is to be posted is for the caller to post, together with its own.

    `found`: the refunds as `find_refunds` gives them, locked.
    """
    answers: list[bool | NotFound] = [NotFound() for _ in words]
    drafts: list[Draft] = []
    for turn in _turns(words, found):
        told = {id: words[position] for id, position in turn.items()}
        new, owed = _settle(told, actor)
        drafts += owed
        for id, position in turn.items():
            answers[position] = id in new
    return answers, drafts


def _turns(words: Sequence[Word], found: Mapping[str, UUID]) -> Iterator[dict[UUID, int]]:
    """Positions by refund, none twice in a turn: what comes twice in a batch meets what the first did."""
    left = [position for position, word in enumerate(words) if word.notice.refund_no in found]
    while left:
        turn: dict[UUID, int] = {}
        for position in left:
            turn.setdefault(found[words[position].notice.refund_no], position)
        yield turn
        left = [position for position in left if position not in set(turn.values())]


def _settle(words: dict[UUID, Word], actor: Actor) -> tuple[set[UUID], list[Draft]]:
    """One word a refund: those to which it was new, and what to post."""
    rows = Refund.objects.in_bulk(list(words))
    live = {id: word for id, word in words.items() if _matters(rows[id], word)}
    succeeded = {id: word for id, word in live.items() if word.notice.state == "succeeded"}
    failed = {id: word for id, word in live.items() if word.notice.state == "failed"}
    waiting = {id: word for id, word in live.items() if id not in succeeded and id not in failed}
    drafts = _succeed(succeeded, actor)
    _fail(failed, actor)
    accepted = _accept(waiting)
    _ask_again([rows[id] for id in waiting], waiting)
    return succeeded.keys() | failed.keys() | accepted, drafts


def _matters(refund: Refund, word: Word) -> bool:
    if refund.state == "succeeded":
        return False
    return refund.state != "failed" or word.notice.state == "succeeded"


def _succeed(words: dict[UUID, Word], actor: Actor) -> list[Draft]:
    claim(REFUND, "failed", "requested", Refund, list(words))  # somebody put it right at the channel itself
    changes = {
        id: {"succeeded_at": clock.now(), "channel_no": word.notice.channel_no, "problem": ""}
        for id, word in words.items()
    }
    claim(REFUND, "requested", "succeeded", Refund, changes)
    claim(REFUND, "accepted", "succeeded", Refund, changes)
    refunds = _tell(RefundCompleted, words, actor)
    return [paid_back_draft(refund) for refund in refunds]


def _fail(words: dict[UUID, Word], actor: Actor) -> None:
    changes = {id: {"problem": word.problem or _why(word.notice)} for id, word in words.items()}
    claim(REFUND, "requested", "failed", Refund, changes)
    claim(REFUND, "accepted", "failed", Refund, changes)
    _tell(RefundFailed, words, actor)


def _why(notice: RefundNotice) -> str:
    return CHANNEL_CLOSED if notice.closed else "channel_failed"


def _tell(event: type[RefundCompleted | RefundFailed], words: dict[UUID, Word], actor: Actor) -> list[Refund]:
    """One event a refund, in the order of the words; the refunds as they are now."""
    rows = Refund.objects.in_bulk(list(words)) if words else {}
    refunds = [rows[id] for id in words]
    record_many(
        as_row(
            event(order_id=refund.order_id, person_id=refund.person_id, amount_fen=refund.amount_fen),
            subject=refund,
            actor=actor,
            request=words[refund.id].request,
        )
        for refund in refunds
    )
    return refunds


def _accept(words: dict[UUID, Word]) -> set[UUID]:
    told = {id: word for id, word in words.items() if word.notice.state == "accepted"}
    changes = {id: {"channel_no": word.notice.channel_no} for id, word in told.items()}
    return set(claim(REFUND, "requested", "accepted", Refund, changes))


def _ask_again(refunds: Sequence[Refund], words: dict[UUID, Word]) -> None:
    """Later each time: 2 s, 4 s, 8 s … up to an hour. The rows are locked and were read since."""
    now = clock.now()
    for refund in refunds:
        refund.tries += 1
        refund.check_at = now + min(timedelta(seconds=2 ** min(refund.tries, 12)), SLOWEST)
        refund.problem = words[refund.id].problem
    Refund.objects.bulk_update(refunds, ["tries", "check_at", "problem"])
