"""The life of an import in the background."""

from tongdao.foundation.states import StateTable

IMPORT_RUN = StateTable(
    noun="import_run",
    initial="queued",
    transitions=frozenset({("queued", "running"), ("running", "done"), ("running", "failed")}),
)
