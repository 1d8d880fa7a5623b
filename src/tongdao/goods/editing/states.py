"""The life of a bulk change, and of each line of it."""

from tongdao.foundation.states import StateTable

GOODS_BATCH = StateTable(
    noun="goods_batch",
    initial="waiting",
    transitions=frozenset(
        {
            ("waiting", "running"),  # its moment has come
            ("waiting", "cancelled"),  # staff thought better of it
            ("running", "done"),  # each line is done or refused
            ("done", "undoing"),  # staff wants it back
            ("undoing", "undone"),  # each line is back, or kept since somebody changed it
        }
    ),
)

GOODS_BATCH_LINE = StateTable(
    noun="goods_batch_line",
    initial="waiting",
    transitions=frozenset(
        {
            ("waiting", "done"),  # written, in the transaction that says so
            ("waiting", "refused"),  # `why` says why not
            ("done", "undone"),  # as it was before
            ("done", "kept"),  # could not be put back; `why` says why not
        }
    ),
)
