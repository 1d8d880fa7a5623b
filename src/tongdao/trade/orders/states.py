"""The life of an order until it is paid, completed or closed. Fulfilment is told by parcels, per quantity."""

from tongdao.foundation.states import StateTable

ORDER = StateTable(
    noun="order",
    initial="placed",
    transitions=frozenset(
        {
            ("placed", "paid"),  # the channel says that the money is there
            ("placed", "closing"),  # deadline passed or buyer gave up: the channel is asked to close first
            ("closing", "paid"),  # it had been paid after all
            ("closing", "closed"),  # the channel has closed: now the stock is free
            ("paid", "completed"),  # the buyer confirmed, or the timer did
            ("paid", "cancelled"),  # undone before anything was shipped
        }
    ),
)
SCHEDULE = StateTable(
    noun="payment_schedule",
    initial="due",
    transitions=frozenset(
        {
            ("due", "paid"),  # captured
            ("due", "void"),  # the purchase was closed unpaid
        }
    ),
)
