from tongdao.foundation.refusals import BadInput


class PriceInvalid(BadInput):
    """A price is between 0.01 and 10,000,000 yuan."""


class NameMissing(BadInput):
    """A product needs a name."""


class SizeInvalid(BadInput):
    """A unit weighs at most 10,000 kg and takes at most 100 cubic metres."""
