"""The life of an after-sale case."""

from tongdao.foundation.states import StateTable

AFTER_SALE = StateTable(
    noun="after_sale",
    initial="requested",
    also=frozenset({"granted"}),  # cancelled before shipping, or given back by staff of their own accord
    transitions=frozenset(
        {
            ("requested", "granted"),  # money goes back, the goods need not
            ("requested", "agreed"),  # the goods are to come back first
            ("requested", "refused"),  # the seller says no, with a reason
            ("requested", "closed"),  # all of it went back another way
            ("agreed", "closed"),  # the same
            ("received", "closed"),  # the same
            ("requested", "withdrawn"),  # the buyer thought better of it
            ("agreed", "returning"),  # the buyer has sent them
            ("agreed", "granted"),  # the seller does without them
            ("agreed", "lapsed"),  # the buyer did not send them in time
            ("agreed", "withdrawn"),
            ("returning", "received"),  # the seller has them, or the time for saying so is over
            ("returning", "refused"),  # the carrier handed them over, and they are not as they should be
            ("received", "granted"),  # they are as they should be, or the time for looking is over
            ("received", "refused"),  # they are not as they should be
            ("received", "replaced"),  # others are on their way, or they are, mended
            ("replaced", "settled"),  # the buyer has them
            ("refused", "granted"),  # the seller thought better of it, or the platform ruled
            ("refused", "agreed"),  # the same, where the goods are to come back
            ("refused", "closed"),  # the buyer left it at that, or the platform ruled for the seller
            ("refused", "withdrawn"),
            ("granted", "settled"),  # the buyer has the money
        }
    ),
)
