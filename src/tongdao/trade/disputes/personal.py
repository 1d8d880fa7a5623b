"""A dispute is part of the trade's record, with what was said in it and how it was ruled; files
go when no law keeps that any more.
"""

from __future__ import annotations

from datetime import datetime

from tongdao.foundation.attachments.forgetting import forget_files
from tongdao.foundation.personal import holds
from tongdao.trade.disputes.models import Dispute, Ruling, Statement, StatementFile
from tongdao.trade.orders.personal import ended_before

LAWS = ("retention.trade_records",)


def forget_statement_files(before: datetime, at_once: int) -> int:
    """Files of disputes that ended, as their trades did, before; returns how many. In a merchant's scope."""
    ended = ended_before(before, "statement__dispute__aftersale__order__")
    named = StatementFile.objects.filter(ended, statement__dispute__ended_at__lt=before).exclude(file="")
    ids = list(named.order_by("id").values_list("id", flat=True)[:at_once])
    return forget_files(StatementFile.objects.filter(pk__in=ids)) if ids else 0


holds(
    Dispute,
    "kept",
    shows=("aftersale__order__number", "opened_by", "state", "opened_at", "ended_at"),
    laws=LAWS,
    since="ended_at",
)
holds(
    Statement,
    "kept",
    person="dispute__person_id",
    shows=("dispute__aftersale__order__number", "side", "text", "said_at"),
    laws=LAWS,
    since="said_at",
)
holds(
    Ruling,
    "kept",
    person="dispute__person_id",
    shows=("dispute__aftersale__order__number", "outcome", "text", "ruled_at"),
    laws=LAWS,
    since="ruled_at",
)
holds(
    StatementFile,
    "kept",
    person="statement__dispute__person_id",
    shows=("statement__dispute__aftersale__order__number", "type", "bytes", "statement__said_at"),
    file="file",
    laws=LAWS,
    since="statement__said_at",
)
