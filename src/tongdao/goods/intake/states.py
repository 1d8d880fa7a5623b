"""The life of an import in the background."""

from tongdao.foundation.states import StateTable

IMPORT_RUN = StateTable(
    noun="import_run",
    initial="queued",
    transitions=frozenset(
        {
            ("queued", "running"),  # a worker has taken it; one that is killed goes on where it was
            ("running", "done"),  # read to its end; single rows may have been refused
            ("running", "failed"),  # the file itself cannot be imported
        }
    ),
)
