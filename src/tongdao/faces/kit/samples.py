"""Sample data of the kitchen. Invented; nothing of it reaches a shop."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongdao.faces.kit.charts import Pair
from tongdao.faces.kit.shapes import (
    Account,
    Action,
    Attachment,
    Cell,
    Choice,
    Column,
    Filter,
    Guarantee,
    NavGroup,
    NavItem,
    Option,
    Picture,
    Row,
    SkuChoice,
    Step,
)
from tongdao.foundation.clock import today

PHONE = "1******5678"
WEEK = [
    ("11-15", 128000),
    ("11-16", 96000),
    ("11-17", 143000),
    ("11-18", 0),
    ("11-19", 87000),
    ("11-20", 156000),
]
PAIRS = [
    Pair("10-05", 9, 12, "9", "12"),
    Pair("10-12", 14, 11, "14", "11"),
    Pair("10-19", None, 12, other_text="12"),
    Pair("10-26", 6, None, "6"),
    Pair("11-02", 8, 10, "8", "10"),
    Pair("11-09", 7, 10, "7", "10"),
]
SHARES = [
    ("茶农与作坊", 4200),
    ("品牌", 2750),
    ("推广员", 1200),
    ("包装与快递", 1130),
    ("支付手续费", 60),
    ("税", 660),
]
LONG = "一个名字非常非常长的商品，用来看看标题在两行之后会不会好好地收住而不是把整页撑开"


def nav(current: int = 0) -> list[NavItem]:
    entries = [
        ("home", _("Home"), None),
        ("grid", _("Categories"), None),
        ("cart", _("Cart"), 3),
        ("me", _("Me"), None),
    ]
    return [
        NavItem("#", label, icon, index == current, count)
        for index, (icon, label, count) in enumerate(entries)
    ]


def shop() -> dict[str, object]:
    return {"store_name": "山止茶事", "store_url": "#", "nav": nav()}


def console() -> dict[str, object]:
    trade = [
        NavItem("#", _("Orders"), "order", True, 12),
        NavItem("#", _("Shipping"), "truck", False, 5),
        NavItem("#", _("After-sale"), "return"),
    ]
    goods = [NavItem("#", _("Products"), "box"), NavItem("#", _("Stock"), "grid")]
    people = [NavItem("#", _("Members"), "people"), NavItem("#", _("Figures"), "chart")]
    return {
        "merchant_name": "山止茶事",
        "console_url": "#",
        "nav": [NavGroup("", trade), NavGroup(_("Goods"), goods), NavGroup(_("People"), people)],
        "account": Account("林店长", _("Owner"), "#"),
    }


def steps(now: datetime) -> list[Step]:
    return [
        Step(_("Ordered"), "done", at=now - timedelta(hours=5)),
        Step(_("Paid"), "done", _("¥204.00 by WeChat Pay"), at=now - timedelta(hours=5)),
        Step(
            _("The shop packs your parcel"),
            "current",
            _("You can still cancel; the money goes back in full."),
            by=now + timedelta(hours=19),
            countdown=True,
        ),
        Step(_("On its way"), "next", _("Two to four days by courier.")),
        Step(_("Received"), "next", _("Confirms itself 10 days after delivery.")),
    ]


def table(now: datetime) -> dict[str, object]:
    labels = [_("Order number"), _("Buyer"), _("Placed"), _("State"), _("Paid amount")]
    states = [
        (_("To ship"), "waiting"),
        (_("On its way"), ""),
        (_("Completed"), "success"),
        (_("Refused"), "error"),
    ]
    rows = []
    for index, (state, tone) in enumerate(states):
        number = f"2611 2100 {1024 + index}"
        cells = [
            Cell(number, labels[0], url="#"),
            Cell(PHONE, labels[1], "muted"),
            Cell(now - timedelta(hours=index * 7), labels[2], "time"),
            Cell(state, labels[3], "tag", tone=tone),  # type: ignore[arg-type]  # literals widened by the loop
            Cell(20400 + index * 123450, labels[4], "money"),
        ]
        rows.append(Row(cells, str(index), number))
    columns = [
        Column(labels[0]),
        Column(labels[1]),
        Column(labels[2], url="#", sorted="descending"),
        Column(labels[3]),
        Column(labels[4], num=True),
    ]
    return {"columns": columns, "rows": rows}


def buying() -> dict[str, object]:
    glaze = [Choice("a", "月白", True), Choice("b", "雨青"), Choice("c", "柿红", disabled=True)]
    size = [Choice("s", "180 ml", True), Choice("l", "240 ml")]
    values = [("a", "s", 6800, 12), ("a", "l", 7800, 3), ("b", "s", 6800, 0)]
    return {
        "options": [Option("option1", _("Glaze"), glaze), Option("option2", pgettext("cup", "Size"), size)],
        "skus": [
            SkuChoice("1", "一罐", 6800, True),
            SkuChoice("2", "两罐", 12800),
            SkuChoice("3", "六罐", 36000, sold_out=True),
        ],
        "sku_data": [
            {
                "id": index,
                "values": [a, b],
                "price": f"¥{fen // 100}.00",
                "stock": stock,
                "stock_text": _("%(count)d in stock") % {"count": stock},
                "image": "",
            }
            for index, (a, b, fen, stock) in enumerate(values)
        ],
        "guarantees": [
            Guarantee("return", _("Returns within 7 days"), _("Counted from the day after you sign for it.")),
            Guarantee(
                "shield", _("Genuine, with a code"), _("Each piece carries a code that you can check.")
            ),
            Guarantee(
                "truck", _("Ships within 24 hours"), _("If it is later, we tell you and you may cancel.")
            ),
        ],
        "service_links": [NavItem("#", _("Service"), "service"), NavItem("#", _("Cart"), "cart", count=3)],
    }


def desk() -> dict[str, object]:
    return {
        "views": [
            NavItem("#", _("All"), count=12840),
            NavItem("#", _("To ship"), current=True, count=12),
            NavItem("#", _("Completed"), count=9310),
        ],
        "filters": [
            Filter("state", _("State"), [Choice("", _("All")), Choice("paid", _("To ship"))], "paid")
        ],
        "actions": [Action(_("Export"), "#", "secondary", "copy"), Action(_("Ship"), "", "primary", "truck")],
        "crumbs": [NavItem("#", _("Orders")), NavItem("", "2611 2100 1024")],
        "facts": [
            Cell("2611 2100 1024", _("Order number")),
            Cell(PHONE, _("Buyer")),
            Cell(_("To ship"), _("State"), "tag", tone="waiting"),
        ],
        "sums": [
            Cell(19200, _("Goods"), "money"),
            Cell(1200, _("Delivery"), "money"),
            Cell(20400, _("Total"), "money", total=True),
        ],
    }


def context() -> dict[str, object]:
    """Everything that the sections and the sample pages show."""
    now = timezone.now()
    picture = static("kit/sample.svg")
    pictures = [Picture(picture, _("A cup on a linen cloth")), Picture(picture, _("The same cup from above"))]
    shown = {
        "picture": picture,
        "pictures": pictures,
        "attachments": [
            Attachment(picture, "image/webp", 800, 800, _("Picture %(number)d") % {"number": 1}),
            Attachment(picture, "image/webp", 800, 800, _("Picture %(number)d") % {"number": 2}),
            Attachment("#", "video/mp4", 0, 0, _("Video %(number)d") % {"number": 3}),
        ],
        "long": LONG,
        "since": today() - timedelta(days=5),
        "phone": PHONE,
    }
    charts = {"week": WEEK, "pairs": PAIRS, "shares": SHARES, "steps": steps(now)}
    return {**shown, **charts, **table(now), **buying(), **desk()}
