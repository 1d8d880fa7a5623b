"""The life of an invitation to the staff."""

from tongdao.foundation.states import StateTable

INVITATION = StateTable(
    noun="staff_invitation",
    initial="open",
    transitions=frozenset(
        {
            ("open", "accepted"),  # somebody signed in took it, within its time
            ("open", "revoked"),  # the staff took it back
        }
    ),
)
