"""A dispute is part of the trade's record, with what was said in it and how it was ruled."""

from __future__ import annotations

from tongdao.foundation.personal import holds
from tongdao.trade.disputes.models import Dispute, Ruling, Statement, StatementFile

LAWS = ("retention.trade_records",)
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
