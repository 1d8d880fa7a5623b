from tongdao.foundation.refusals import BadInput, Refusal


class AlreadyShipped(Refusal):
    """Part of this order is on its way, so it cannot be cancelled. You can return it after it arrives."""


class OrderNotCancellable(Refusal):
    """This order cannot be cancelled any more."""


class CancelReasonUnknown(BadInput):
    """Choose one of the reasons for cancelling."""


class AfterSalesOpen(Refusal):
    """There are %(count)d after-sale cases of yours still open. Wait until they are settled."""


class OrderNotRefundable(Refusal):
    """Nothing can be given back of this order: it is not paid, or all of it went back already."""


class MoreThanBought(Refusal):
    """So many units are not left to give money back for. Somebody may just have done it; try again."""


class NothingToGiveBack(Refusal):
    """Nothing was paid for these units, so there is nothing to give back."""


class RefundChanged(Refusal):
    """It comes to another amount than the one that you looked at. Look at it again."""


class RefundReasonUnknown(BadInput):
    """Choose one of the reasons for giving money back."""


class FreightRuleUnknown(BadInput):
    """Give back no freight, the units' share of it, or all that is left."""


class CaseNotOffered(Refusal):
    """This cannot be asked for any more for these goods. Look at what can be asked for now."""


class CaseReasonUnknown(BadInput):
    """Choose one of the reasons."""


class CaseUnitsWrong(BadInput):
    """Choose how many units of which goods it is about."""


class CaseAmountWrong(BadInput):
    """Give an amount between 0.01 yuan and what was paid for these goods."""


class CaseWordsTooLong(BadInput):
    """Say it in at most %(most)d letters."""


class CaseWordsMissing(BadInput):
    """Say why, in words of your own: the buyer and the platform read it."""


class CasePicturesMissing(BadInput):
    """The carrier says that it handed the goods over. Show with a picture or a video what is wrong."""


class ReturnAddressMissing(Refusal):
    """No return address is known, so the buyer could not send the goods. Set one in the settings first."""


class CaseMoved(Refusal):
    """This case has moved on meanwhile. Look at it again."""


class CaseDisputed(Refusal):
    """The platform is deciding about this case. Until then nobody else moves it."""


class CaseWordsChanged(Refusal):
    """This was sent already, with other words. Nothing was sent now; send it once more to say it as well."""


class WaybillMissing(BadInput):
    """Give the carrier and the number of the waybill: 6 to 32 letters and digits."""


class ReplacementOutOfStock(Refusal):
    """So many are not free in stock to be sent instead. Send later, or give the money back."""


class UnitsToStockWrong(BadInput):
    """No more units than came back can be put into stock."""


class OptionNotExchangeable(BadInput):
    """Choose another option of the same product that is on sale at the same price."""
