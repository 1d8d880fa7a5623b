"""A step of a case with files: on disk before the scope opens, and gone again where nothing keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from tongdao.foundation.attachments import Kept, Readable, stored_attachments
from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSaleFile

T = TypeVar("T")
ROOM = "aftersales"  # the directory of its files


class _NotKept(Exception):
    """It was done before, with its own files: those that came now belong to nothing."""


def post(
    merchant_id: UUID,
    act: Callable[[Sequence[Kept]], T],
    files: Sequence[Readable] = (),
    *,
    keeps: type[AttachmentRow] = AfterSaleFile,
) -> T:
    """Call `act` with the files as they are kept, in the merchant's scope. Outside any scope.

    `keeps` is the table in which `act` keeps them. Raises what foundation.attachments says of files, and what
    `act` raises.
    """
    done: list[T] = []
    try:
        with stored_attachments(merchant_id, ROOM, files) as kept, merchant_scope(merchant_id):
            done.append(act(kept))
            names = [one.file for one in kept]
            if keeps.objects.filter(file__in=names).count() != len(names):
                raise _NotKept()
    except _NotKept:
        pass
    return done[0]
