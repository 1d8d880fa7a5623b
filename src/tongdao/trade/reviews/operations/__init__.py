from tongdao.trade.reviews.operations.serving import FOLD_REASONS, answer_review, fold_review, unfold_review
from tongdao.trade.reviews.operations.taking_down import TAKE_DOWN_REASONS, take_down_review
from tongdao.trade.reviews.operations.writing import Said, add_follow_up, follow_up_until, write_review

__all__ = [
    "FOLD_REASONS",
    "TAKE_DOWN_REASONS",
    "Said",
    "add_follow_up",
    "answer_review",
    "fold_review",
    "follow_up_until",
    "take_down_review",
    "unfold_review",
    "write_review",
]
