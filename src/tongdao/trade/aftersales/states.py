"""The life of an after-sale case. Today only cancelling before shipping; returns and disputes follow."""

from tongdao.foundation.states import StateTable

AFTER_SALE = StateTable(
    noun="after_sale",
    initial="granted",
    transitions=frozenset({("granted", "settled")}),  # the buyer has the money
)
