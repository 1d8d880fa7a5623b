"""What all visitors are shown alike: made once a version, kept in the process (docs/algorithms/fragments.md).

`Fragments` keeps, `Mark` and `read_version` say whether what is kept is still true, `compose` cuts a page at
the holes where a visitor's own parts go, `answer` sends it with its ETag or says 304,
`Shortcuts` spares the whole way to it.
"""

from tongdao.foundation.fragments.answering import KEPT_BY_ALL, KEPT_BY_ONE, Moved, SharedResponse, answer
from tongdao.foundation.fragments.composing import Composed, Hole, compose, compose_packed
from tongdao.foundation.fragments.keeping import LASTS, RECHECK, STALE, Fragments
from tongdao.foundation.fragments.marks import Mark, read_version, rows_mark
from tongdao.foundation.fragments.shortcuts import Shortcuts

__all__ = [
    "KEPT_BY_ALL",
    "KEPT_BY_ONE",
    "LASTS",
    "RECHECK",
    "STALE",
    "Composed",
    "Fragments",
    "Hole",
    "Mark",
    "Moved",
    "SharedResponse",
    "Shortcuts",
    "answer",
    "compose",
    "compose_packed",
    "read_version",
    "rows_mark",
]
