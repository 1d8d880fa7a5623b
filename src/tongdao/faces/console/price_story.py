"""The prices of a SKU: drawn as steps, told with who and why, and what is planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.goods_words import PRICE_REASONS
from tongdao.faces.console.reading.people import shown_names
from tongdao.faces.console.tables import address
from tongdao.faces.kit.charts import HEIGHT, WIDTH, Drawn, scale
from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Cell, Column, Row
from tongdao.foundation import clock
from tongdao.goods.editing.queries import PlannedPrice, PricePast, lowest_lately, planned_prices, price_past


def price_story(desk: Desk, sku_id: UUID) -> dict[str, object]:
    """What the page of a SKU shows of its prices."""
    past, planned, now = price_past(sku_id), planned_prices(sku_id), clock.now()
    staff = [*(each.staff_id for each in past), *(each.staff_id for each in planned)]
    names = shown_names([id for id in staff if id])
    lowest = lowest_lately(sku_id, now)
    may = desk.may("goods.edit")
    return {
        "steps": steps(past, now) if len(past) > 1 else None,
        "lowest": f"¥{yuan(lowest)}" if lowest is not None else "",
        "price_columns": [
            Column(_("Since")),
            Column(_("Price"), num=True),
            Column(_("Crossed out"), num=True),
            Column(_("By")),
            Column(_("Why")),
        ],
        "price_rows": [_past(desk, each, names) for each in past],
        "planned_columns": [
            Column(_("From")),
            Column(_("Price"), num=True),
            Column(_("By")),
            Column(_("Why")),
        ],
        "planned_rows": [_planned(desk, each, names) for each in planned],
        "plan_url": address(desk.url("bulk_prices"), {"sku": str(sku_id)}) if may else "",
    }


def _past(desk: Desk, each: PricePast, names: dict[UUID, str]) -> Row:
    reason = each.note or str(PRICE_REASONS.get(each.reason, ""))
    url = desk.url("batch", batch_id=each.batch_id) if each.batch_id else ""
    crossed = each.compare_at_fen
    cells = [
        Cell(each.at, kind="time"),
        Cell(int(each.price_fen), _("Price"), "money"),
        Cell(int(crossed), _("Crossed out"), "money")
        if crossed is not None
        else Cell("—", _("Crossed out"), "num"),
        Cell(names.get(each.staff_id, "—") if each.staff_id else "—", _("By"), "muted"),
        Cell(reason or (_("Bulk change") if url else "—"), _("Why"), url=url),
    ]
    return Row(cells)


def _planned(desk: Desk, each: PlannedPrice, names: dict[UUID, str]) -> Row:
    cells = [
        Cell(each.at, kind="time"),
        Cell(int(each.price_fen), _("Price"), "money"),
        Cell(names.get(each.staff_id, "—") if each.staff_id else "—", _("By"), "muted"),
        Cell(each.note or _("Look at the plan"), _("Why"), url=desk.url("batch", batch_id=each.batch_id)),
    ]
    return Row(cells)


def steps(past: Sequence[PricePast], now: datetime) -> dict[str, object]:
    """A line that stands still until the next price and then steps; `past` is latest first. By time."""
    rows = list(reversed(past))
    begin = rows[0].at
    span = max(int((now - begin).total_seconds()), 1)
    top = max(int(row.price_fen) for row in rows)
    corners: list[tuple[int, int]] = []
    for row in rows:
        x = scale(int((row.at - begin).total_seconds()), span, WIDTH)
        y = HEIGHT - scale(int(row.price_fen), top, HEIGHT - 8)
        corners += [(x, corners[-1][1])] if corners else []
        corners.append((x, y))
    corners.append((WIDTH, corners[-1][1]))
    path = " ".join(f"{x},{y}" for x, y in corners)
    return {
        "points": [
            {"label": f"{localtime(row.at):%Y-%m-%d %H:%M}", "value": int(row.price_fen)} for row in rows
        ],
        "line": [Drawn("", int(rows[-1].price_fen), WIDTH, corners[-1][1], 0, 0, 1)],
        "path": path,
        "area": f"0,{HEIGHT} {path} {WIDTH},{HEIGHT}",
        "width": WIDTH,
        "height": HEIGHT,
    }
