from tongdao.foundation.refusals import BadInput, Refusal


class NothingDue(Refusal):
    """Nobody has so much due that it can be paid out now."""


class SamePersonDecides(Refusal):
    """Whoever proposed these payouts cannot approve them. Let somebody else look."""

    status = 403


class BatchDecided(Refusal):
    """It has been decided already whether these payouts are made."""


class PayeeIncomplete(BadInput):
    """Write the real name, and for a bank the bank and the number of the card."""


class NotPaidByBank(Refusal):
    """This payout is not waiting for somebody to pay it at the bank."""


class ProofMissing(BadInput):
    """Write the bank's number for the payment."""


class TransferStillOpen(Refusal):
    """The transfer before is not closed. Another one could pay the same money twice."""


class PayoutsChanged(Refusal):
    """Other amounts are due now than those that you looked at. Nothing was proposed; look at them again."""


class RejectReasonUnknown(BadInput):
    """Choose one of the reasons for rejecting."""


class NotYourProposal(Refusal):
    """Only who proposed these payouts can take them back. Whoever approves can reject them."""


class PayeeChanged(Refusal):
    """Name or card is not what you looked at any more. Look at them again."""


class PaidOnWrong(BadInput):
    """The day of the bank's payment is not in the future."""
