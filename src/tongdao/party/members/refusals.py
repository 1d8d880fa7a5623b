from tongdao.foundation.refusals import Refusal


class WayStays(Refusal):
    """This keeps your account safe, so it is always told."""


class LastWay(Refusal):
    """On one way you have to hear what becomes of your order and your money. Switch another one on first."""
