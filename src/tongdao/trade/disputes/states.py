"""The life of a dispute."""

from tongdao.foundation.states import StateTable

DISPUTE = StateTable(
    noun="dispute",
    initial="open",
    transitions=frozenset(
        {
            ("open", "ruled"),  # the platform has decided; either side may appeal once
            ("open", "dropped"),  # whoever took it to the platform takes it back
            ("ruled", "appealed"),  # a side does not accept it: another arbiter looks
            ("ruled", "enforced"),  # the time for appealing is over, or both accept: it is carried out
            ("appealed", "enforced"),  # the second ruling stands and is carried out
        }
    ),
)
