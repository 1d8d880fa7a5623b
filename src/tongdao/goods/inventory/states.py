"""The life of a reservation."""

from tongdao.foundation.states import StateTable

RESERVATION = StateTable(
    noun="reservation",
    initial="held",
    transitions=frozenset({("held", "consumed"), ("held", "released")}),
)
