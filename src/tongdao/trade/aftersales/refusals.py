from tongdao.foundation.refusals import BadInput, Refusal


class AlreadyShipped(Refusal):
    """Part of this order is on its way, so it cannot be cancelled. You can return it after it arrives."""


class OrderNotCancellable(Refusal):
    """This order cannot be cancelled any more."""


class CancelReasonUnknown(BadInput):
    """Choose one of the reasons for cancelling."""


class AfterSalesOpen(Refusal):
    """There are %(count)d after-sale cases of yours still open. Wait until they are settled."""
