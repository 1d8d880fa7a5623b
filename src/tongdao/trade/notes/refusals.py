"""Why a note is not taken."""

from __future__ import annotations

from tongdao.foundation.refusals import BadInput


class EmptyNote(BadInput):
    """A note says something in at most %(most)d characters. Nothing was written down."""


class UnknownFlag(BadInput):
    """There is no such flag. Nothing was changed."""
