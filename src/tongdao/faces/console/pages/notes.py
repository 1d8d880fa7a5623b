"""Notes and the flag of an order: what staff write for each other."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.typed import text
from tongdao.trade.notes.operations import LONGEST, add_note, flag_order, pin_note


def add(desk: Desk, order_id: UUID) -> HttpResponse:
    typed = desk.request.POST
    said = str(typed.get("text", ""))[: LONGEST + 1].replace("\r", "")
    add_note(order_id, said, pin="pin" in typed, actor=desk.actor)
    return desk.done(_("Written down. Only staff see it."), "order", order_id=order_id)


def pin(desk: Desk, order_id: UUID, note_id: UUID) -> HttpResponse:
    """`off` takes the pin away."""
    off = "off" in desk.request.POST
    pin_note(order_id, None if off else note_id, actor=desk.actor)
    told = _("No note is pinned now.") if off else _("Pinned: the lists show it.")
    return desk.done(told, "order", order_id=order_id)


def flag(desk: Desk, order_id: UUID) -> HttpResponse:
    flag_order(order_id, text(desk.request.POST, "flag", 8), actor=desk.actor)
    return desk.done(_("The flag is set."), "order", order_id=order_id)
