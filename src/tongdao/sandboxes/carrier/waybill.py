"""The printed waybill behind the `label` address, its names, phones and addresses hidden by half."""

from __future__ import annotations

import html
import json

from tongdao.sandboxes.carrier.app import App, Json
from tongdao.sandboxes.carrier.carriers import CARRIERS

_PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>{number}</title>
<style>body{{font:16px sans-serif;width:76mm;margin:8mm auto;border:1px solid #000;padding:4mm}}
h1{{font-size:22px;margin:0}}p{{margin:3mm 0}}</style>
<h1>{carrier}</h1><p>{number}</p><p>收：{receiver}</p><p>寄：{sender}</p><p>模拟面单，不可用于寄件</p></html>
"""


def hidden_phone(phone: str) -> str:
    """At least six digits hidden: 1******5678."""
    return phone[:1] + "*" * max(6, len(phone) - 5) + phone[-4:] if len(phone) > 10 else "*" * len(phone)


def _party(party: Json) -> str:
    phone = str(party.get("mobile") or party.get("tel") or "")
    name, place = str(party["name"]), str(party["printAddr"])
    # unit and room come last in a Chinese address, so its end is what has to go
    return f"{name[0]}{'*' * max(1, len(name) - 1)} {hidden_phone(phone)} {place[:-4]}****"


def waybill(app: App, task_id: str) -> str | None:
    """The page of a task, or None."""
    parcel = app.store.row("SELECT * FROM parcel WHERE task_id = ? AND order_id IS NOT NULL", task_id)
    if parcel is None:
        return None
    content = json.loads(parcel["content"])
    shown = {
        "number": parcel["number"],
        "carrier": CARRIERS[parcel["company"]].name,
        "receiver": _party(content["recMan"]),
        "sender": _party(content["sendMan"]),
    }
    return _PAGE.format(**{name: html.escape(value) for name, value in shown.items()})
