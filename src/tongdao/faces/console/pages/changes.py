"""Who changed which setting, from what to what: a reading of the event log."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.company_words import CHANGES, FIELDS, GOODS, PERMISSION_WORDS
from tongdao.faces.console.desk import Desk
from tongdao.faces.console.reading.changes import Change, change_page
from tongdao.faces.console.reading.staff import own_roles
from tongdao.faces.console.tables import pager, place_of
from tongdao.faces.console.typed import text
from tongdao.faces.console.words import ROLES
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Choice, Filter
from tongdao.foundation.html import plain_text
from tongdao.party.merchants.models import Role

CUT = 200  # characters of a long text


def show(desk: Desk) -> HttpResponse:
    query = desk.request.GET
    wanted = text(query, "what", 40)
    wanted = wanted if wanted in CHANGES else ""
    page = change_page(name=wanted, place=place_of(query))
    base, ids = desk.url("changes"), [row.event_id for row in page.rows]
    first, last = (ids[0], ids[-1]) if ids else (None, None)
    roles = {str(row.id): row.label for row in own_roles()}
    context = {
        "filter": _filter(wanted),
        "base": base,
        "changes": [_shown(row, roles) for row in page.rows],
        "pager": pager(base, {"what": wanted}, first, last, page.newer, page.older),
    }
    return desk.show("changes", _("Changes"), context)


def _filter(wanted: str) -> Filter:
    options = [Choice("", _("Everything")), *(Choice(name, str(words)) for name, words in CHANGES.items())]
    return Filter("what", _("What"), options, wanted)


def _shown(row: Change, roles: dict[str, str]) -> dict[str, object]:
    fields = [
        (str(FIELDS.get(name, name)), _value(name, before, roles), _value(name, after, roles))
        for name, before, after in row.fields
    ]
    who = row.who or (_("The system") if row.actor_kind == "system" else _("Somebody"))
    return {"what": str(CHANGES[row.name]), "at": row.at, "who": who, "fields": fields}


def _value(name: str, said: str, roles: dict[str, str]) -> str:
    """Codes in words, amounts in yuan, long texts cut."""
    if name == "permissions":
        words: dict[str, object] = {str(need): label for need, label in PERMISSION_WORDS.items()}
        return " · ".join(str(words.get(each, each)) for each in said.split(", ") if each)
    if name == "role":
        return str(ROLES[Role(said)][0]) if said in Role.values else roles.get(said, said)
    if name == "category":
        return str(GOODS.get("" if said == "none" else said, said))
    if name.endswith("_fen"):
        return f"¥{yuan(int(said))}" if said else ""
    if name in ("body_html", "page"):
        return plain_text(said, CUT)
    return said if len(said) <= CUT else said[:CUT] + "…"
