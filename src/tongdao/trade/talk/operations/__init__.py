from tongdao.trade.talk.operations.quick import (
    QuickDraft,
    add_quick_answer,
    arrange_quick_answers,
    change_quick_answer,
    remove_quick_answer,
)
from tongdao.trade.talk.operations.seeing import mark_seen, settle_talk
from tongdao.trade.talk.operations.sending import Said, send_as_buyer, send_as_promoter, send_as_staff

__all__ = [
    "QuickDraft",
    "Said",
    "add_quick_answer",
    "arrange_quick_answers",
    "change_quick_answer",
    "mark_seen",
    "remove_quick_answer",
    "send_as_buyer",
    "send_as_promoter",
    "send_as_staff",
    "settle_talk",
]
