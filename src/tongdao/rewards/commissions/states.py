"""The life of a commission. Before the payment it is estimated: the order's frozen share, without a row."""

from tongdao.foundation.states import StateTable

COMMISSION = StateTable(
    noun="commission",
    initial="held",
    transitions=frozenset(
        {
            ("held", "released"),  # received, the time for giving back is over, and nothing is open
            ("held", "void"),  # all of it went back before that
            ("released", "void"),  # all of it went back before it was paid out
            ("released", "claimed"),  # a payout has taken it
            ("claimed", "released"),  # the payout came to nothing
            ("claimed", "paid"),  # the promoter has the money
        }
    ),
)
