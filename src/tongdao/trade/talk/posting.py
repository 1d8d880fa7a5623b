"""The whole way of a message: counted, its files kept, said. All faces send by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept, Readable, stored_attachments
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.talk.limits import count_sending
from tongdao.trade.talk.models import Message
from tongdao.trade.talk.operations.sending import SaidAlready

ROOM = "talk"  # the directory of its files


def post(
    merchant_id: UUID, say: Callable[[Sequence[Kept]], Message], files: Sequence[Readable], *, actor: Actor
) -> Message:
    """Call `say` with the files as they are kept, in the merchant's scope. Outside any scope.

    Raises TooManyTries, what foundation.attachments says of files, and what `say` raises.
    """
    count_sending(actor)
    try:
        with stored_attachments(merchant_id, ROOM, files) as kept, merchant_scope(merchant_id):
            return say(kept)
    except SaidAlready as already:
        return already.message
