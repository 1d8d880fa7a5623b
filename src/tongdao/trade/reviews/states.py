"""The life of a review. None is ever deleted (E-Commerce Law, Art. 39)."""

from tongdao.foundation.states import StateTable

REVIEW = StateTable(
    noun="review",
    initial="shown",
    transitions=frozenset(
        {
            ("shown", "folded"),  # the shop folds it with a reason; it counts and stays readable behind a tap
            ("folded", "shown"),  # the shop takes that back
            ("shown", "taken_down"),  # by law: words and pictures go, a tombstone stays
            ("folded", "taken_down"),  # the same
        }
    ),
)

STANDING = ("shown", "folded")
"""It counts, and can be read."""
