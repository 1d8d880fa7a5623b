from tongdao.foundation.refusals import BadInput


class PriceInvalid(BadInput):
    """A price is between 0.01 and 10,000,000 yuan."""


class NameMissing(BadInput):
    """A product needs a name."""
