from tongdao.foundation.refusals import BadInput, Refusal


class StockBelowPromised(Refusal):
    """There are open orders for more than this. Count again, or cancel orders first."""


class CountInvalid(BadInput):
    """A stock count is a whole number from 0 to 1,000,000."""
