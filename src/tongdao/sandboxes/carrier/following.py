"""Following a parcel: POST /poll."""

from __future__ import annotations

import json
import re
import sqlite3
from urllib.parse import urlsplit

from tongdao.sandboxes.carrier.app import App, Json, now
from tongdao.sandboxes.carrier.carriers import CARRIERS, NEEDS_PHONE
from tongdao.sandboxes.carrier.outbox import enqueue
from tongdao.sandboxes.carrier.parcels import dump_plan
from tongdao.sandboxes.carrier.replies import poll_done, poll_refused
from tongdao.sandboxes.carrier.route import journey

_NUMBER = re.compile(r"[A-Za-z0-9-]{6,32}")


def parse_object(text: str, code: str, message: str) -> Json:
    """The JSON object in a text; `Refused` with the given code and message otherwise."""
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise poll_refused(code, message)
    return content


def fine_level(value: object) -> int:
    """`resultv2` as a number; what is none counts as not asked for."""
    return int(str(value)) if str(value).isdecimal() else 0


def phone_known(parcel: sqlite3.Row, phone: str) -> bool:
    """Whether the last four digits are those of a phone on the parcel; a parcel not ordered here has none."""
    content = json.loads(parcel["content"])
    phones = [
        str(content[who].get("mobile") or content[who].get("tel") or "") for who in ("sendMan", "recMan")
    ]
    return not any(phones) or any(known[-4:] == phone[-4:] for known in phones if len(phone) >= 4)


def _adopt(connection: sqlite3.Connection, app: App, number: str, param: Json) -> sqlite3.Row:
    """A number from elsewhere, put on a label by hand: it starts moving once somebody follows it."""
    sender = str(param.get("from") or "浙江省杭州市")
    receiver = str(param.get("to") or "北京市朝阳区")
    content = {"sendMan": {"printAddr": sender}, "recMan": {"printAddr": receiver}}
    connection.execute(
        "INSERT INTO parcel (number, company, content, plan, next_at, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        (
            number,
            param["company"],
            json.dumps(content, ensure_ascii=False),
            dump_plan(journey(param["company"], sender, receiver)),
            now() + app.pace,
            now(),
        ),
    )
    row: sqlite3.Row = connection.execute("SELECT * FROM parcel WHERE number = ?", (number,)).fetchone()
    return row


def _usable(url: str) -> bool:
    """Whether a push can be sent there at all: an absolute web address in ASCII."""
    try:
        parts = urlsplit(url)
        return (
            url.isascii() and parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        )
    except ValueError:  # a port that is no number
        return False


def _checked(app: App, form: dict[str, str]) -> tuple[Json, Json]:
    """The subscription's param and its parameters; `Refused` if they cannot be used."""
    param = parse_object(form.get("param", ""), "700", "订阅方的订阅数据存在错误")
    if param.get("key") != app.account.key:
        raise poll_refused("600", "您不是合法的订阅者（即授权Key出错）")
    parameters = param.get("parameters")
    if form.get("schema") != "json" or not isinstance(parameters, dict):
        raise poll_refused("700", "订阅方的订阅数据存在错误")
    if str(param.get("company")) not in CARRIERS:
        raise poll_refused("701", "拒绝订阅的快递公司")
    if not _NUMBER.fullmatch(str(param.get("number") or "")):
        raise poll_refused("700", "订阅方的订阅数据存在错误：单号")
    if not _usable(str(parameters.get("callbackurl") or "")):
        raise poll_refused("700", "订阅方的订阅数据存在错误：回调地址")
    return param, parameters


def subscribe(app: App, form: dict[str, str]) -> Json:
    """Follow a parcel: what is known of it already is pushed at once. A number still followed is 501."""
    param, parameters = _checked(app, form)
    number = str(param["number"])
    with app.store.writing() as connection:
        found = connection.execute("SELECT * FROM parcel WHERE number = ?", (number,)).fetchone()
        parcel = found if found is not None else _adopt(connection, app, number, param)
        if parcel["company"] != param["company"]:
            raise poll_refused("700", "订阅方的订阅数据存在错误：单号与快递公司不符")
        if parcel["company"] in NEEDS_PHONE and not phone_known(parcel, str(parameters.get("phone") or "")):
            raise poll_refused("700", "订阅方的订阅数据存在错误：顺丰单号必须提供收件人或寄件人电话")
        old = connection.execute("SELECT status FROM subscription WHERE number = ?", (number,)).fetchone()
        if old is not None and old["status"] == "polling":
            raise poll_refused("501", "重复订阅")
        connection.execute(
            "INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?, ?, 'polling')",
            (
                number,
                param["company"],
                parameters["callbackurl"],
                None if parameters.get("salt") is None else str(parameters["salt"]),
                fine_level(parameters.get("resultv2")),
            ),
        )
        enqueue(connection, number, "shutdown" if parcel["phase"] in ("signed", "returned") else "polling")
    app.push_wake.set()
    app.move_wake.set()
    return poll_done()
