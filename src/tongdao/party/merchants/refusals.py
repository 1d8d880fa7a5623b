from tongdao.foundation.refusals import BadInput, Refusal


class SlugInvalid(BadInput):
    """The shop's path must have 3 to 40 small letters, digits or hyphens, and begin with a letter."""


class LastOwner(Refusal):
    """A merchant needs at least one owner. Make somebody else owner first."""


class AlreadyStaff(Refusal):
    """This person already works here."""


class NoPaymentAccount(Refusal):
    """This shop cannot take payments yet. The merchant has to connect a payment account."""


class PaymentKeyInvalid(BadInput):
    """One of the keys of the payment account cannot be read. Copy it whole, as the channel gave it."""
