"""The life of a reservation."""

from tongdao.foundation.states import StateTable

RESERVATION = StateTable(
    noun="reservation",
    initial="held",
    transitions=frozenset(
        {
            ("held", "consumed"),  # all its units have left the warehouse
            ("consumed", "held"),  # a parcel was taken back before the carrier collected it
            ("held", "released"),  # the order was closed unpaid, or cancelled before shipping
        }
    ),
)
