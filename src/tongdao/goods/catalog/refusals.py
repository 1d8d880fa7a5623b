from tongdao.foundation.refusals import BadInput, Refusal


class PriceInvalid(BadInput):
    """A price is between 0.01 and 10,000,000 yuan."""


class PriceBelowOffer(Refusal):
    """A promotion sells it at this price or above. Nothing was changed; end the promotion, or ask more."""


class NameMissing(BadInput):
    """A product needs a name."""


class SizeInvalid(BadInput):
    """A unit weighs at most 10,000 kg and takes at most 100 cubic metres."""


class CategoryInvalid(BadInput):
    """There is no such kind of goods, or the number is longer than 64 characters. Nothing was saved."""


class ExclusionInvalid(BadInput):
    """There is no such kind of goods that cannot be given back. Nothing was saved; choose one of the list."""


class LicenceMissing(Refusal):
    """These goods need a licence that is valid today. They stay out of the shop; enter the licence first."""


class NumberMissing(Refusal):
    """These goods need their registration or filing number. They stay out of the shop; enter it first."""
