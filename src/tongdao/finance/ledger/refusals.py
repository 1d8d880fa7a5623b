"""Why the ledger does not post."""

from __future__ import annotations

from tongdao.foundation.refusals import BadInput, Refusal


class BadDraft(BadInput):
    """This booking is not well-formed."""


class TransactionKeyReused(Refusal):
    """This booking key was already used for another booking. Nothing was booked."""


class BalanceTooLow(Refusal):
    """The balance of this account is too low. Nothing was booked."""


class BalanceTooHigh(Refusal):
    """This account is not owed that much. Nothing was booked."""


class AlreadyReversed(Refusal):
    """This booking has already been reversed."""


class NotReversible(Refusal):
    """A reversing booking cannot be reversed; book it anew instead."""


class DayNotOpen(Refusal):
    """This booking day is sealed or has not begun."""


class DayNotOver(Refusal):
    """Only a day that is over can be sealed."""


class SealOutOfOrder(Refusal):
    """Booking days are sealed in order; another day comes first."""


class BadPeriod(BadInput):
    """The period ends before it begins."""


class DayNotSealed(Refusal):
    """Vouchers are made of sealed days only, so that their numbers stay. Choose a period that is sealed."""
