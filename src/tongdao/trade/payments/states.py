"""The lives of one attempt to pay, and of a refund."""

from tongdao.foundation.states import StateTable

ATTEMPT = StateTable(
    noun="payment_attempt",
    initial="created",
    transitions=frozenset(
        {
            ("created", "open"),  # the channel has taken it
            ("created", "closed"),  # never reached the channel
            ("created", "captured"),  # the channel's answer was lost, its notification was not
            ("open", "closed"),  # closed at the channel
            ("open", "captured"),  # paid
            ("closed", "captured"),  # paid all the same: money back by itself if the order is gone
        }
    ),
)
REFUND = StateTable(
    noun="refund",
    initial="requested",
    transitions=frozenset(
        {
            ("requested", "accepted"),  # the channel works on it
            ("requested", "succeeded"),  # the channel paid at once, or its answer was lost
            ("requested", "failed"),  # the channel will not do it: a person must look
            ("accepted", "succeeded"),  # the buyer has the money back
            ("accepted", "failed"),  # a person must look: the channel could not pay out
            ("failed", "requested"),  # tried again
        }
    ),
)
