"""Files: exactly what the filters show, in both kinds, safe to open, bounded in memory, for who may."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from tests.faces.console.support import Desk, make_desk, paid_order, place_order
from tongdao.faces.lists.models import ExportRun
from tongdao.faces.lists.operations import cancel_export, queue_export, run_export, sweep_exports, take_export
from tongdao.faces.lists.reading import Item
from tongdao.faces.lists.refusals import (
    ExportGone,
    ExportNotReady,
    ExportOver,
    FilterUnreadable,
    UnknownFormat,
)
from tongdao.faces.lists.registry import LISTS
from tongdao.faces.lists.shapes import Column
from tongdao.faces.lists.writing import FORMATS, safe
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Event
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.trade.orders.models import DeliveryAddress, Order

ORDERS = LISTS["orders"]


@pytest.fixture(scope="module")
def desk(cluster: object) -> Desk:
    """Five orders, three of them paid."""
    made = make_desk(stock=50)
    for number in range(5):
        (paid_order if number % 2 == 0 else place_order)(made.shop)
    return made


def export(desk: Desk, role: Role = Role.OWNER, noun: str = "orders", **how: object) -> ExportRun:
    desk.client(role)
    actor = Actor("staff", desk.people[role])
    wanted = how.pop("wanted", {})
    with merchant_scope(desk.shop.merchant_id):
        run = queue_export(LISTS[noun], wanted, actor=actor, **how)  # type: ignore[arg-type]  # its keywords
    assert run_export(desk.shop.merchant_id, run.id) == "done"
    with merchant_scope(desk.shop.merchant_id):
        return ExportRun.objects.get(pk=run.id)


def rows_of(run: ExportRun) -> list[list[str]]:
    text = (settings.TONGDAO_DATA / run.file).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))


def test_a_file_holds_what_the_filter_shows_with_the_chosen_columns(desk: Desk) -> None:
    run = export(desk, wanted={"state": "paid"}, columns=["total", "number", "nonsense"])
    with merchant_scope(desk.shop.merchant_id):
        paid = list(Order.objects.filter(state="paid").order_by("-placed_at", "-id"))
    head, *rows = rows_of(run)
    assert head == ["订单号", "合计（元）"]
    assert rows == [[order.number, "128.00"] for order in paid] and len(rows) == 3
    assert (run.total_rows, run.done_rows, run.columns) == (3, 3, ["number", "total"])


def test_what_is_masked_stays_so_and_in_full_it_is_on_record(desk: Desk) -> None:
    with merchant_scope(desk.shop.merchant_id):
        to = DeliveryAddress.objects.first()
        assert to is not None
    columns = ["buyer", "phone", "address"]
    masked, full = export(desk, columns=columns), export(desk, columns=columns, unmasked=True)
    assert to.phone not in str(rows_of(masked)) and to.recipient not in str(rows_of(masked))
    assert to.phone in str(rows_of(full)) and to.recipient in str(rows_of(full))
    with merchant_scope(desk.shop.merchant_id):
        take_export(full.id, actor=desk.shop.owner)
        told = {(e.name, e.payload.get("unmasked")) for e in Event.objects.filter(subject_id=full.id)}
    names = ("export_run.queued", "export_run.finished", "export_run.taken")
    assert told == {(name, True) for name in names}


@pytest.mark.parametrize(
    ("role", "noun", "unmasked"),
    [
        (Role.SERVICE, "orders", False),  # sees them and may not export
        (Role.OPERATIONS, "orders", True),  # exports, and not in full
        (Role.FINANCE, "reviews", False),  # exports, and does not see reviews
    ],
)
def test_who_may_not_gets_nothing(desk: Desk, role: Role, noun: str, unmasked: bool) -> None:
    desk.client(role)
    actor = Actor("staff", desk.people[role])
    with merchant_scope(desk.shop.merchant_id), pytest.raises(NotAllowed):
        queue_export(LISTS[noun], {}, unmasked=unmasked, actor=actor)


def test_a_file_in_full_is_not_for_who_may_not_make_one(desk: Desk) -> None:
    run = export(desk, unmasked=True)
    desk.client(Role.OPERATIONS)
    with merchant_scope(desk.shop.merchant_id), pytest.raises(NotAllowed):
        take_export(run.id, actor=Actor("staff", desk.people[Role.OPERATIONS]))


def test_what_cannot_be_read_is_refused_before_anything_is_kept(desk: Desk) -> None:
    with merchant_scope(desk.shop.merchant_id):
        before = ExportRun.objects.count()
        with pytest.raises(FilterUnreadable):
            queue_export(ORDERS, {"total_min": "a lot"}, actor=desk.shop.owner)
        with pytest.raises(UnknownFormat):
            queue_export(ORDERS, {}, file_format="exe", actor=desk.shop.owner)
        assert ExportRun.objects.count() == before


def test_cancelled_before_it_began_and_while_it_runs(desk: Desk) -> None:
    merchant_id, owner = desk.shop.merchant_id, desk.shop.owner
    with merchant_scope(merchant_id):
        run = queue_export(ORDERS, {}, actor=owner)
        cancel_export(run.id, actor=owner)
    assert run_export(merchant_id, run.id) == "cancelled"
    with merchant_scope(merchant_id):
        with pytest.raises(ExportOver):
            cancel_export(run.id, actor=owner)
        with pytest.raises(ExportNotReady):
            take_export(run.id, actor=owner)
        with pytest.raises(NotFound):
            take_export(UUID(int=1), actor=owner)


def test_files_go_after_three_days(desk: Desk) -> None:
    run = export(desk)
    path = settings.TONGDAO_DATA / run.file
    sweep_exports(clock.now() + timedelta(days=2), 10_000)
    assert path.exists()
    assert sweep_exports(clock.now() + timedelta(days=4), 10_000) >= 1
    assert not path.exists()
    with merchant_scope(desk.shop.merchant_id), pytest.raises(ExportGone):
        take_export(run.id, actor=desk.shop.owner)


@pytest.mark.pure
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_is_a_text(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert safe(f"茶 {text}") == f"茶 {text}"


@pytest.mark.pure
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_hundred_thousand_rows_in_bounded_memory(tmp_path: Path, kind: str) -> None:
    """A row is gone when the next one is written."""
    columns = [
        Column("text", "文字", lambda row, _: f"=茶 {row}"),  # type: ignore[arg-type]  # a text for a lazy one
        Column("fen", "金额", lambda row, _: row, "money"),  # type: ignore[arg-type]  # as above
    ]
    path = tmp_path / f"big.{kind}"
    tracemalloc.start()
    with FORMATS[kind](path, columns, unmasked=False) as writer:
        for row in range(100_000):
            writer.write(Item(row, {}))
        _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4_000_000, most
    assert lines_in(path) == 100_001


def lines_in(path: Path) -> int:
    if path.suffix == ".csv":
        return path.read_text("utf-8-sig").count("\n")
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "<t>'=茶 1233</t>" in sheet
    assert re.search('r="B1235" s="[0-9]"><v>12.33</v>', sheet)  # 1233 fen as yuan
    return sheet.count("<row ")


def test_every_list_goes_into_both_kinds_of_file(desk: Desk) -> None:
    """With all its columns, whatever stands in it."""
    for noun, spec in LISTS.items():
        for kind in FORMATS:
            run = export(desk, noun=noun, columns=[c.key for c in spec.columns], file_format=kind)
            assert run.size_bytes > 0 and run.done_rows == run.total_rows, (noun, kind)
