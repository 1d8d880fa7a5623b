"""The life of a use of a promotion, and that of a buying group."""

from tongdao.foundation.states import StateTable

USE = StateTable(
    noun="promotion_use",
    initial="held",
    transitions=frozenset(
        {
            ("held", "returned"),  # the order was closed unpaid, or undone in full: others may have it
        }
    ),
)
GROUP = StateTable(
    noun="buying_group",
    initial="open",
    transitions=frozenset(
        {
            ("open", "formed"),  # every seat is paid
            ("open", "dissolved"),  # its time passed first: those who paid get their money back
        }
    ),
)
