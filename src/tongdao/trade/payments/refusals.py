from tongdao.foundation.refusals import BadInput, Refusal


class PaymentNotPossible(Refusal):
    """This order is not waiting for payment any more. You have not been charged."""


class PaymentUnavailable(Refusal):
    """The payment service cannot be reached right now. You have not been charged; try again in a moment."""

    status = 503


class PaymentRefused(Refusal):
    """The payment service did not accept this payment. You have not been charged."""


class PaymentKindUnknown(BadInput):
    """Pay by jsapi, h5 or native."""


class PayerUnknown(BadInput):
    """Paying inside WeChat needs the payer's openid."""


class RefundExceedsPaid(Refusal):
    """No more can be refunded than was paid."""


class CaptureMismatch(Refusal):
    """The channel reports another amount than was asked for. Staff must look at this payment."""


class RefundsUnderWay(Refusal):
    """There are %(count)d refunds still on their way to you. Wait until the money has arrived."""
