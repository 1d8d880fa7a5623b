"""Reading waybills that staff bring along: one a line, pasted from a sheet or out of a CSV file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.utils.translation import override

from tongdao.foundation.refusals import BadInput
from tongdao.terms.promotions.queries import waiting_orders
from tongdao.trade.orders.models import Allocation, Order
from tongdao.trade.shipping.carriers import CARRIERS
from tongdao.trade.shipping.models import Parcel
from tongdao.trade.shipping.operations.dispatching import MOST, Wish
from tongdao.trade.shipping.operations.packing import WAYBILL

LARGEST = 200_000  # bytes
ALIASES = {
    "shunfeng": ("sf", "顺丰", "顺丰快递"),
    "zhongtong": ("zto", "中通"),
    "yuantong": ("yto", "圆通", "圆通快递"),
    "shentong": ("sto", "申通"),
    "yunda": ("韵达", "韵达速递"),
    "jtexpress": ("jt", "j&t", "极兔", "极兔快递"),
    "jd": ("京东", "京东快递"),
    "ems": ("邮政ems",),
    "youzhengguonei": ("邮政", "中国邮政", "邮政包裹"),
    "debangkuaidi": ("德邦", "德邦物流"),
}
"""How sheets of other programs call the carriers, besides our codes and names."""

Wrong = Literal[
    "", "number", "order", "state", "group", "nothing", "apart", "carrier", "waybill", "twice", "taken"
]


class TooManyWaybills(BadInput):
    """At most %(most)d lines are read in one go. Nothing was shipped; split the list."""


class UnreadableWaybills(BadInput):
    """This is no text of lines with order number, carrier and waybill number. Nothing was shipped."""


@dataclass(frozen=True, slots=True)
class WaybillLine:
    """One line as it was read; `wrong` is a code, empty for a line that can be shipped."""

    line: int
    number: str
    carrier: str  # our code, or what stood there
    waybill_no: str
    order_id: UUID | None = None
    units: int = 0
    wrong: Wrong = ""


def decode(raw: bytes) -> str:
    """A file's text: UTF-8, or what sheets in China are saved as. Raises UnreadableWaybills."""
    if len(raw) > LARGEST:
        raise TooManyWaybills(most=MOST)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableWaybills()


def read_waybills(text: str, carrier: str = "") -> list[WaybillLine]:
    """Order number, carrier (`carrier` where none stands) and waybill of each line, checked against the
    orders, in a merchant_scope. A head line is left out. Raises TooManyWaybills, UnreadableWaybills."""
    found = [_line(n, cells, carrier) for n, cells in _cells(text)]
    if found and not any(character.isdigit() for character in found[0].number):
        found = found[1:]
    if len(found) > MOST:
        raise TooManyWaybills(most=MOST)
    return _checked(found)


def wishes_of(lines: Sequence[WaybillLine]) -> list[Wish]:
    """What can be shipped of them."""
    return [
        Wish(line.order_id, line.carrier, line.waybill_no)
        for line in lines
        if line.order_id is not None and not line.wrong
    ]


def carrier_code(said: str) -> str:
    """Our code of a carrier, by code, name or the usual short one; empty for an unknown one."""
    return _names().get(said.strip().lower(), "")


def _names() -> dict[str, str]:
    names = {code: code for code in CARRIERS}
    for language in ("zh-hans", "en"):
        with override(language):
            names |= {str(name).lower(): code for code, name in CARRIERS.items()}
    return names | {alias: code for code, aliases in ALIASES.items() for alias in aliases}


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    if len(text) > LARGEST or "\x00" in text:
        raise UnreadableWaybills()
    for n, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        mark = next((mark for mark in ("\t", ",", ";", "，", "；") if mark in line), " ")
        try:
            cells = next(csv.reader([line.strip()], delimiter=mark), [])
        except csv.Error:
            raise UnreadableWaybills() from None
        yield n, [cell.strip().strip("'\"=") for cell in cells if cell.strip()]


def _line(n: int, cells: Sequence[str], carrier: str) -> WaybillLine:
    number = re.sub(r"[\s-]", "", cells[0])[:40] if cells else ""
    if len(cells) == 2 and not carrier_code(cells[1]):
        cells = [cells[0], carrier, cells[1]]
    said, waybill = (cells[1] if len(cells) > 1 else ""), (cells[2] if len(cells) > 2 else "")
    code = carrier_code(said or carrier)
    waybill = re.sub(r"\s", "", waybill).upper()[:40]
    wrong: Wrong = "" if code else "carrier"
    if not wrong and not WAYBILL.fullmatch(waybill):
        wrong = "waybill"
    return WaybillLine(n, number, code or said[:24], waybill, wrong=wrong)


def _checked(lines: Sequence[WaybillLine]) -> list[WaybillLine]:
    orders = {
        order.number: order for order in Order.objects.filter(number__in=[each.number for each in lines])
    }
    waiting = waiting_orders([order.id for order in orders.values()])
    left, nodes = _left([order.id for order in orders.values()])
    taken = _taken(lines)
    checked: list[WaybillLine] = []
    seen: set[str] = set()
    for each in lines:
        order = orders.get(each.number)
        id = order.id if order else None
        units = left.get(id, 0) if id else 0
        again = each.number in seen or (each.carrier, each.waybill_no) in {
            (one.carrier, one.waybill_no) for one in checked
        }
        wrong: Wrong = each.wrong
        if order is None:
            wrong = "order" if each.number.isdigit() else "number"
        elif not wrong:
            wrong = _why(order, units, nodes.get(order.id, 0), waits=order.id in waiting)
            wrong = wrong or ("twice" if again else "")
            wrong = wrong or ("taken" if (each.carrier, each.waybill_no) in taken else "")
        seen.add(each.number)
        checked.append(WaybillLine(each.line, each.number, each.carrier, each.waybill_no, id, units, wrong))
    return checked


def _why(order: Order, units: int, nodes: int, *, waits: bool) -> Wrong:
    if order.state != "paid":
        return "state"
    if waits:
        return "group"
    if not units:
        return "nothing"
    return "apart" if nodes > 1 else ""


def _left(order_ids: Sequence[UUID]) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """Units to pack, and from how many warehouses, by order."""
    units: dict[UUID, int] = {}
    nodes: dict[UUID, set[UUID]] = {}
    for row in Allocation.objects.filter(line__order_id__in=list(order_ids)).select_related("line"):
        left = row.quantity - row.packed - row.cancelled
        if left > 0:
            units[row.line.order_id] = units.get(row.line.order_id, 0) + left
            nodes.setdefault(row.line.order_id, set()).add(row.node_id)
    return units, {order_id: len(found) for order_id, found in nodes.items()}


def _taken(lines: Sequence[WaybillLine]) -> set[tuple[str, str]]:
    numbers = [each.waybill_no for each in lines if each.waybill_no]
    rows = Parcel.objects.filter(waybill_no__in=numbers).exclude(state="void")
    return set(rows.values_list("carrier", "waybill_no"))
