"""What all steps of a dispute share: the order's lock, the sides, what was said."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept
from tongdao.foundation.refusals import NotFound
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations.moving import lock_case
from tongdao.trade.disputes.models import MOST_LETTERS, Dispute, Statement, StatementFile
from tongdao.trade.disputes.refusals import StatementMissing


def lock_dispute(dispute_id: UUID, *, person_id: UUID | None = None) -> tuple[Dispute, AfterSale]:
    """Both under the order's lock; with `person_id`, only that buyer's. Raises NotFound."""
    case_id = Dispute.objects.filter(pk=dispute_id).values_list("aftersale_id", flat=True).first()
    if case_id is None:
        raise NotFound()
    case = lock_case(case_id, person_id=person_id)
    return Dispute.objects.get(pk=dispute_id), case


def person_of(side: Side, actor: Actor) -> UUID | None:
    """Whose the case has to be."""
    return actor.id if side == Side.BUYER else None


def checked(text: str) -> str:
    """Raises StatementMissing."""
    said = text.strip()
    if not 0 < len(said) <= MOST_LETTERS:
        raise StatementMissing(most=MOST_LETTERS)
    return said


def say(
    dispute: Dispute, side: Side, step: str, text: str, files: Sequence[Kept] = (), *, actor: Actor
) -> Statement:
    """Keep it, with what it shows. Raises StatementMissing."""
    said = Statement.objects.create(
        dispute=dispute,
        side=side,
        author_id=actor.id,
        step=step,
        text=checked(text),
        said_at=clock.now(),
    )
    StatementFile.objects.bulk_create(
        StatementFile(statement=said, **kept.columns(position)) for position, kept in enumerate(files, 1)
    )
    return said
