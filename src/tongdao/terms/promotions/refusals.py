"""Why an offer does not hold. `left` in the details is what the buyer could still have."""

from __future__ import annotations

from tongdao.foundation.refusals import BadInput, Refusal


class CouponUnknown(Refusal):
    """There is no such coupon."""


class CouponUsedUp(Refusal):
    """This coupon is used up."""


class CouponNotApplicable(Refusal):
    """This coupon is not for these goods."""


class CouponBelowThreshold(Refusal):
    """Your order is not yet large enough for this coupon."""


class CouponsDoNotCombine(Refusal):
    """This coupon cannot be used together with another one."""


class BetterOffer(Refusal):
    """Another offer saves you more, so this one was kept for later."""


class LimitReached(Refusal):
    """This offer has a limit for each person, and you have reached it."""


class FlashSoldOut(Refusal):
    """Not enough pieces are left at the special price."""


class GiftsGone(Refusal):
    """The gifts have run out. Look at your order once more."""


class PromotionNotStarted(Refusal):
    """This offer has not started yet."""


class PromotionEnded(Refusal):
    """This offer is over."""


class PromotionChanged(Refusal):
    """This offer has just changed. Look at your order once more."""


class GroupFull(Refusal):
    """This group is full. Open a new one, or join another."""


class GroupGone(Refusal):
    """This group cannot be joined any more."""


class GroupJoined(Refusal):
    """You are in this group already."""


class OneGroupAtATime(Refusal):
    """Only one group offer can be bought at a time."""


class PromotionInvalid(BadInput):
    """Some of the offer's settings are not right."""


class PriceNotBelowBase(BadInput):
    """The price must be below the lowest price of the last days."""


class CodeTaken(Refusal):
    """Another coupon has this code already."""


class TooManyPromotions(Refusal):
    """There are too many coupons and gifts at once. Stop some of them first."""


class QuotaBelowUsed(Refusal):
    """More than that has been used already."""
