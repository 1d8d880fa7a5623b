"""How long buyers wait for the shop, or for the promoter whom they wrote to: each conversation and each case
counts once, by its longest wait, so that much small talk makes nobody quick.

A wait that nobody answered counts where it was too long: against whoever owed the answer, never for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from tongdao.crm.reputation.counting import WaitState
from tongdao.crm.reputation.folding import Fold, Key, merchant_key, promoter_key
from tongdao.crm.reputation.reading import Asked
from tongdao.foundation.events import Event
from tongdao.rulebook.reputation import ANSWER_WITHIN
from tongdao.trade.aftersales.models import Side
from tongdao.trade.talk.models import Side as Speaker


def waits_of(batch: Sequence[Event]) -> Iterable[UUID]:
    """Conversations and cases of the batch."""
    for event in batch:
        if event.subject_type in ("talk", "after_sale"):
            yield event.subject_id
        elif event.name == "dispute.opened":
            yield UUID(event.payload["aftersale_id"])


def case_requested(fold: Fold, event: Event) -> None:
    id = event.subject_id
    fold.set_wait(id, merchant_key(), fold.wait(id).begun(event.at))


def case_moved(fold: Fold, event: Event) -> None:
    """The first step ends the wait. The shop's own is its answer; one that the clock took is too late."""
    by_shop = event.payload["side"] == Side.SELLER
    _first_step(
        fold, event, event.subject_id, answered=by_shop, late=by_shop and event.actor_kind == "system"
    )


def disputed(fold: Fold, event: Event) -> None:
    """A shop that calls the platform before it has answered has answered."""
    case_id = UUID(event.payload["aftersale_id"])
    _first_step(fold, event, case_id, answered=event.payload["side"] == Side.SELLER, late=False)


def _first_step(fold: Fold, event: Event, case_id: UUID, *, answered: bool, late: bool) -> None:
    state = fold.wait(case_id)
    if state.since is not None:
        fold.set_wait(case_id, merchant_key(), _over(state, state.since, event, answered=answered, late=late))


def message_sent(fold: Fold, event: Event) -> None:
    asked = fold.facts.talks.get(event.subject_id)
    if asked is None:
        return
    state, key = fold.wait(event.subject_id), _owes(asked)
    if event.payload["side"] == Speaker.BUYER:
        state = state.begun(event.at)
    elif event.payload["answers_since"] is not None:
        owed = event.payload["side"] == (Speaker.PROMOTER if asked.promoter_id else Speaker.STAFF)
        since = datetime.fromisoformat(event.payload["answers_since"])
        state = state.dropped() if _itself(asked, event) else _over(state, since, event, answered=owed)
    fold.set_wait(event.subject_id, key, state)


def talk_settled(fold: Fold, event: Event) -> None:
    """Staff said that no answer is needed: that makes no shop quicker. What came after it waits on."""
    asked = fold.facts.talks.get(event.subject_id)
    if asked is None:
        return
    since = datetime.fromisoformat(event.payload["waited_since"])
    later = event.payload.get("waits_since")
    state = _over(
        fold.wait(event.subject_id),
        since,
        event,
        answered=False,
        then=datetime.fromisoformat(later) if later else None,
    )
    fold.set_wait(event.subject_id, _owes(asked), state)


def _over(
    state: WaitState,
    since: datetime,
    event: Event,
    *,
    answered: bool,
    late: bool = False,
    then: datetime | None = None,
) -> WaitState:
    """The wait since then is over. It counts if it was answered, or was too long for that."""
    waited = event.at - since
    in_time = not late and waited <= ANSWER_WITHIN.on(event.at)
    if in_time and not answered:
        return state.dropped(then)
    return state.ended(max(0, int(waited.total_seconds())), in_time=in_time, since=then)


def _owes(asked: Asked) -> Key:
    return promoter_key(asked.promoter_id) if asked.promoter_id else merchant_key()


def _itself(asked: Asked, event: Event) -> bool:
    """Somebody who answers its own order."""
    return asked.buyer_id in (event.actor, asked.promoter_person)
