from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Case, DateTimeField, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tongdao.faces.kit.case_words import KINDS, REASONS, reason_words
from tongdao.faces.lists.case_words import CASE_STATES, DUES, TURNS
from tongdao.faces.lists.filters import SEARCH, Choice, Dates, Rows, Words, coded
from tongdao.faces.lists.shapes import Column, Link, ListSpec, Sort
from tongdao.faces.lists.wanted import options
from tongdao.foundation import clock
from tongdao.trade.aftersales.models import AfterSale
from tongdao.trade.aftersales.queries import CaseItem, items_of
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.waiting import BUYERS, for_seller, soon, unheard
from tongdao.trade.orders.models import Order

NUMBER = 18
NEVER = datetime(3000, 1, 1, tzinfo=UTC)
OPENED = Q(paused_left__isnull=True, ended_at__isnull=True)


def ranked() -> Rows:
    """`rank`: what waits for the shop stands first, by when it is due, then all others, the newest first."""
    until = Dispute.objects.filter(aftersale_id=OuterRef("pk"), state="open").values("answer_by")[:1]
    backwards = ExpressionWrapper(Value(NEVER) + (Value(NEVER) - F("opened_at")), DateTimeField())
    first = When(for_seller(), then=Coalesce(F("due_at"), Subquery(until)))
    return AfterSale.objects.annotate(rank=Case(first, default=backwards, output_field=DateTimeField()))


def numbers_of(rows: Sequence[AfterSale]) -> Mapping[UUID, str]:
    """By order its number."""
    return dict(Order.objects.filter(pk__in={row.order_id for row in rows}).values_list("id", "number"))


def facts_of(rows: Sequence[AfterSale]) -> Mapping[UUID, tuple[str, tuple[CaseItem, ...]]]:
    """The order's number, and what the case is about."""
    numbers = numbers_of(rows)
    items = items_of([row.id for row in rows])
    return {row.id: (numbers[row.order_id], items[row.id]) for row in rows}


def backs_of(rows: Sequence[AfterSale]) -> Mapping[UUID, int]:
    """What was granted."""
    granted = AfterSale.objects.filter(pk__in=[row.id for row in rows], refund__isnull=False)
    return {id: int(fen) for id, fen in granted.values_list("id", "refund__amount_fen")}


def unheard_of(rows: Sequence[AfterSale]) -> Mapping[UUID, datetime]:
    """Until when the shop may state its case in disputes in which it has said nothing."""
    found = AfterSale.objects.filter(
        unheard(), pk__in=[row.id for row in rows if row.paused_left is not None]
    )
    until = Dispute.objects.filter(aftersale_id__in=found.values("id"), state="open")
    return dict(until.values_list("aftersale_id", "answer_by"))


def turn_of(row: AfterSale, unheard_until: datetime | None = None) -> str:
    if row.paused_left is not None:
        return "seller" if unheard_until else "platform"
    if row.ended_at is not None or row.due_at is None:
        return "nobody"
    return "buyer" if row.state in BUYERS else "seller"


def _by_words(rows: Rows, typed: str) -> Rows:
    """An order's number or its beginning, a waybill, or what the goods are called."""
    digits = typed.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdigit() and len(digits) <= NUMBER:
        orders = Order.objects.filter(number__gte=digits, number__lte=digits.ljust(NUMBER, "9"))
        return rows.filter(Q(order_id__in=orders.values("id")) | Q(waybill_no=digits))
    titled = AfterSale.objects.filter(items__line__title__icontains=typed).values("id")
    return rows.filter(Q(waybill_no=typed.upper()) | Q(pk__in=titled))


def _by_turn(rows: Rows, code: str) -> Rows:
    if code == "seller":
        return rows.filter(for_seller())
    if code == "platform":
        return rows.filter(~unheard(), paused_left__isnull=False)
    if code == "buyer":
        return rows.filter(OPENED, state__in=BUYERS)
    return rows.filter(due_at__isnull=True, paused_left__isnull=True)


def _by_due(rows: Rows, code: str) -> Rows:
    now = clock.now()
    if code == "paused":
        return rows.filter(paused_left__isnull=False)
    if code == "over":
        return rows.filter(due_at__lte=now)
    return rows.filter(soon(now))


def _goods(row: AfterSale, found: tuple[str, tuple[CaseItem, ...]] | None) -> list[str]:
    items = found[1] if found else ()
    return [f"{item.title} {item.option_text} × {item.quantity}".replace("  ", " ") for item in items]


def _picture(row: AfterSale, found: tuple[str, tuple[CaseItem, ...]] | None) -> str:
    return found[1][0].picture if found and found[1] else ""


CASES = ListSpec(
    noun="cases",
    title=_("After-sale cases"),
    need="orders.read",
    model=AfterSale,
    rows=ranked,
    parts={"facts": facts_of, "back": backs_of, "unheard": unheard_of},
    columns=(
        Column(
            "order",
            _("Order"),
            lambda c, found: found[0],
            part="facts",
            link=lambda c, _: Link("case", {"case_id": c.id}),
        ),
        Column("kind", _("What for"), lambda c, _: str(KINDS.get(c.kind, c.kind))),
        Column("reason", _("Reason"), lambda c, _: reason_words(c.kind, c.reason)),
        Column("goods", _("Goods"), _goods, "lines", part="facts", picture=_picture),
        Column("state", _("State"), lambda c, _: c.state, "tag", words=CASE_STATES),
        Column("turn", _("Whose turn"), turn_of, "tag", part="unheard", words=TURNS),
        Column("due", _("By when"), lambda c, until: c.due_at or until, "time", part="unheard"),
        Column("opened", _("Opened"), lambda c, _: c.opened_at, "time"),
        Column("back", _("Given back"), lambda c, fen: fen, "money", part="back", shown=False),
        Column("waybill", _("Waybill back"), lambda c, _: c.waybill_no, "muted", shown=False),
        Column("ended", _("Ended"), lambda c, _: c.ended_at, "time", shown=False),
    ),
    filters=(
        Words("q", SEARCH, _by_words),
        Choice("turn", _("Whose turn"), lambda: options(TURNS), _by_turn),
        Choice("state", _("State"), lambda: options(CASE_STATES), coded("state")),
        Choice("kind", _("What for"), lambda: options(KINDS), coded("kind")),
        Choice("reason", _("Reason"), lambda: options(REASONS), coded("reason")),
        Choice("due", _("When due"), lambda: options(DUES), _by_due),
        Dates("opened", _("Opened"), "opened_at"),
    ),
    tabs="turn",
    sorts=(
        Sort("", _("What waits for you first"), "rank", up=True, first=for_seller, rest="opened_at"),
        Sort("new", _("Newest first"), "opened_at"),
        Sort("old", _("Oldest first"), "opened_at", up=True),
    ),
    inside=True,
)
