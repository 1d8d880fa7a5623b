"""The life of a file that is made from a list."""

from tongdao.foundation.states import StateTable

EXPORT_RUN = StateTable(
    noun="export_run",
    initial="queued",
    transitions=frozenset(
        {
            ("queued", "running"),  # a worker has taken it; one that was killed begins again
            ("queued", "cancelled"),
            ("running", "cancelled"),
            ("running", "done"),  # the file is there
            ("running", "failed"),
            ("done", "expired"),  # the file is gone
        }
    ),
)
