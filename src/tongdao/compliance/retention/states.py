"""The lives of an erasure and of a take-out."""

from tongdao.foundation.states import StateTable

ERASURE = StateTable(
    noun="erasure",
    initial="asked",
    transitions=frozenset(
        {
            ("asked", "withdrawn"),  # the person took it back in time
            ("asked", "erasing"),  # its day has come: nobody signs in any more
            ("erasing", "asked"),  # something stands against it after all: it waits another day
            ("erasing", "erased"),  # all that may go is gone
        }
    ),
)
TAKE_OUT = StateTable(
    noun="take_out",
    initial="asked",
    transitions=frozenset(
        {
            ("asked", "ready"),  # the file is made
            ("asked", "failed"),  # it could not be made: the person may ask again
            ("ready", "gone"),  # its days are over, or the person is erased
        }
    ),
)
