"""The lives of a batch, a payout and a transfer."""

from tongdao.foundation.states import StateTable

BATCH = StateTable(
    noun="payout_batch",
    initial="proposed",
    transitions=frozenset(
        {
            ("proposed", "approved"),  # by somebody else than who proposed it
            ("proposed", "rejected"),  # its payouts come to nothing
        }
    ),
)
PAYOUT = StateTable(
    noun="payout",
    initial="claimed",
    transitions=frozenset(
        {
            ("claimed", "approved"),  # on its way
            ("claimed", "returned"),  # its batch was rejected: the commissions are due again
            ("approved", "paid"),  # all of it has arrived
            ("approved", "returned"),  # nothing of it has arrived, and nothing can any more
            ("approved", "partly"),  # some of it has arrived; the rest cannot any more and is due again
        }
    ),
)
TRANSFER = StateTable(
    noun="transfer",
    initial="created",
    transitions=frozenset(
        {
            ("created", "accepted"),  # the channel works on it
            ("created", "waiting"),  # for its payee
            ("created", "paid"),  # the answers before were lost
            ("created", "failed"),  # likewise, or the channel will not do it
            ("created", "cancelled"),
            ("accepted", "waiting"),
            ("accepted", "paid"),
            ("accepted", "failed"),
            ("accepted", "cancelled"),
            ("waiting", "accepted"),  # its payee has taken it; it arrives soon
            ("waiting", "paid"),
            ("waiting", "failed"),  # not taken in time, or the payee's account cannot take it
            ("waiting", "cancelled"),
        }
    ),
)
OPEN = ("created", "accepted", "waiting")
