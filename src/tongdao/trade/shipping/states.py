"""The life of a parcel, out or back, and of an order in a dispatch."""

from tongdao.foundation.states import StateTable

PARCEL = StateTable(
    noun="parcel",
    initial="requested",
    transitions=frozenset(
        {
            ("requested", "shipped"),  # the carrier gave a waybill, or staff typed one in
            ("requested", "void"),  # the carrier refused; the units can be packed again
            ("shipped", "cancelling"),  # staff want it back before it is collected: the carrier is asked
            ("cancelling", "void"),  # the carrier gave the waybill back; the units can be packed again
            ("cancelling", "shipped"),  # the carrier has it already: it goes its way
            ("shipped", "in_transit"),  # the carrier has scanned it
            ("shipped", "delivered"),  # scans may arrive late or out of order
            ("in_transit", "delivered"),  # signed for
        }
    ),
)

RETURN_PARCEL = StateTable(
    noun="return_parcel",
    initial="shipped",
    transitions=frozenset(
        {
            ("shipped", "in_transit"),  # the carrier has scanned it
            ("shipped", "delivered"),  # scans may arrive late or out of order
            ("in_transit", "delivered"),  # signed for
        }
    ),
)

FOLLOWED = ("shipped", "in_transit")
"""The carrier has it, or will."""

LEFT = (*FOLLOWED, "cancelling", "delivered")
"""Its goods have left the stock."""

DISPATCH_ITEM = StateTable(
    noun="dispatch_item",
    initial="queued",
    transitions=frozenset(
        {
            ("queued", "packed"),  # it has a parcel, whose own state says the rest
            ("queued", "refused"),  # it could not be packed; the refusal says why
            ("refused", "queued"),  # staff want it tried again
            ("packed", "queued"),  # the same, after its parcel became void
        }
    ),
)
