"""The life of a parcel."""

from tongdao.foundation.states import StateTable

PARCEL = StateTable(
    noun="parcel",
    initial="requested",
    transitions=frozenset(
        {
            ("requested", "shipped"),  # the carrier gave a waybill, or staff typed one in
            ("requested", "void"),  # the carrier refused; the units can be packed again
            ("shipped", "in_transit"),  # the carrier has scanned it
            ("shipped", "delivered"),  # scans may arrive late or out of order
            ("in_transit", "delivered"),  # signed for
        }
    ),
)

FOLLOWED = ("shipped", "in_transit")
"""The carrier has it, or will."""

LEFT = (*FOLLOWED, "delivered")
"""Its goods have left the stock."""
