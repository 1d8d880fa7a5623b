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
            ("done", "undoing"),  # staff wants it back as it was
            ("failed", "undoing"),  # what had gone in before it broke off can go back, too
            ("undoing", "undone"),  # each row is back, or kept since somebody changed it
        }
    ),
)

IMPORT_CHANGE = StateTable(
    noun="import_change",
    initial="done",
    transitions=frozenset(
        {
            ("done", "undone"),  # as it was before the import
            ("done", "kept"),  # could not go back; `why` says why not
        }
    ),
)
