"""How a shop serves who complains, beside the platform's median: exact, of many, and of nobody's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.db.utils import DatabaseError

from tests.support.complaining import STAFF, Sale, do, sold
from tongdao.crm.insight.levels import AFRESH, WEEKS, Level, platform, sweep_platform_levels
from tongdao.crm.insight.models import FEWEST, PlatformLevel
from tongdao.crm.insight.service import mondays, served
from tongdao.foundation import clock
from tongdao.foundation.clock import beijing_day, day_begins
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import Side
from tongdao.trade.aftersales.operations import grant_case, refuse_case
from tongdao.trade.disputes.operations import open_dispute

HOUR = 3_600
ERA = timedelta(days=120)
"""Each test has weeks of its own, so far ahead that no other test has cases in them."""


def era(number: int) -> timedelta:
    """From now to noon of a Wednesday, so that no week ends while a test runs."""
    now = clock.now()
    day = beijing_day(now + timedelta(days=180) + number * ERA)
    return day_begins(day + timedelta(days=2 - day.weekday())) + timedelta(hours=12) - now


def answered(when: timedelta, hours: int, *, disputed: bool = False) -> Sale:
    """A shop with one case: granted, or refused and taken to the platform, after so many hours."""
    with clock.shifted(when):
        sale = sold(1)
        case = sale.ask("refund_only", "quality")
    with clock.shifted(when + timedelta(hours=hours)):
        if disputed:
            sale.do(refuse_case, case, "as_described", text="出库前有质检")
            do(sale, open_dispute, case.id, "茶叶受潮，照片为证", side=Side.BUYER, actor=sale.buyer)
        else:
            sale.do(grant_case, case, expected=sale.line.paid_fen, actor=STAFF)
    return sale


def reckon(when: timedelta) -> int:
    with clock.shifted(when):
        return sweep_platform_levels(clock.now())


def seen(sale: Sale, when: timedelta) -> Any:
    with clock.shifted(when), merchant_scope(sale.earner.shop.merchant_id):
        return platform(clock.now(), weeks=WEEKS)


def test_each_of_many_shops_counts_once_and_too_few_are_not_told() -> None:
    """Five shops: nothing. Six: the medians of their own, the week's and all weeks'."""
    when, later = era(0), era(0) + timedelta(days=2)
    shops = [answered(when, hours) for hours in (2, 4, 6, 8)]
    shops.append(answered(when, 10, disputed=True))
    assert reckon(later)
    told = seen(shops[0], later)
    assert told.together == Level() and set(told.weeks.values()) == {Level()}
    shops.append(answered(when, 20, disputed=True))
    assert reckon(later + AFRESH)
    told = seen(shops[0], later + AFRESH)
    assert told.together.answer // HOUR == 7  # of 2, 4, 6, 8, 10, 20
    assert told.together.refund is None, "only four gave money back"
    assert told.together.disputed_bps == 0  # of 0, 0, 0, 0, 1, 1
    with clock.shifted(when):
        monday = mondays(clock.now(), 1)[0]
    assert told.of(monday) == told.together, "all cases are of one week"
    quiet = [level for week, level in told.weeks.items() if week != monday]
    assert set(quiet) == {Level()}


def test_a_shop_of_many_cases_weighs_as_much_as_one_of_few() -> None:
    when, later = era(1), era(1) + timedelta(days=2)
    for hours in (1, 1, 1, 9, 9):
        answered(when, hours)
    with clock.shifted(when):
        busy = sold(3)
        cases = [busy.ask("refund_only", "quality") for _ in range(3)]
    for case in cases:
        with clock.shifted(when + timedelta(hours=9)):
            busy.do(grant_case, case, expected=busy.line.paid_fen // 3)
    assert reckon(later)
    told = seen(busy, later)
    assert (told.together.answer // HOUR, told.together.refund // HOUR) == (5, 5)


def test_it_is_reckoned_once_an_hour_and_says_when() -> None:
    when = era(2)
    sale = answered(when, 1)
    first = when + timedelta(days=1)
    assert reckon(first)
    at = seen(sale, first).reckoned_at
    assert reckon(first + AFRESH / 2) == 0
    assert seen(sale, first + AFRESH / 2).reckoned_at == at
    assert reckon(first + AFRESH + timedelta(minutes=1)) == WEEKS + 1
    assert seen(sale, first + AFRESH).reckoned_at > at
    assert PlatformLevel.objects.count() == WEEKS + 1, "the old figures are replaced"


def test_a_merchant_reads_the_medians_and_writes_nothing() -> None:
    sale = answered(era(3), 1)
    reckon(era(3) + timedelta(days=1))
    row = {"since": "2001-01-01", "weeks": 1, "asked_shops": 9, "answered_shops": 9, "refunded_shops": 9}
    with merchant_scope(sale.earner.shop.merchant_id):
        assert PlatformLevel.objects.count() == WEEKS + 1
        assert PlatformLevel.objects.all().delete()[0] == 0
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            PlatformLevel.objects.update(answer=1)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            PlatformLevel.objects.create(**row, reckoned_at=clock.now())
    assert PlatformLevel.objects.count() == WEEKS + 1


def test_the_database_keeps_no_figure_of_too_few() -> None:
    few = {"asked_shops": FEWEST - 1, "answered_shops": FEWEST - 1, "refunded_shops": FEWEST - 1}
    for figure in ("answer", "refund", "disputed_bps"):
        with pytest.raises(IntegrityError, match="platform_level_of_many"), transaction.atomic():
            PlatformLevel.objects.create(
                since="2001-01-01", weeks=1, **few, **{figure: 7}, reckoned_at=clock.now()
            )


def test_it_names_no_merchant_and_hides_its_sources() -> None:
    """There is no column of a merchant, and what a merchant sees of cases stays its own."""
    one, two = answered(era(4), 1), answered(era(4), 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "select column_name from information_schema.columns where table_name = 'platform_level'"
        )
        assert not [name for (name,) in cursor.fetchall() if "merchant" in name]
    with merchant_scope(one.earner.shop.merchant_id), connection.cursor() as cursor:
        cursor.execute("select merchant_id from after_sale")
        assert {row[0] for row in cursor.fetchall()} == {one.earner.shop.merchant_id}
    assert two.earner.shop.merchant_id != one.earner.shop.merchant_id


def test_only_one_worker_reckons() -> None:
    """While another holds the lock nothing is done; without the lock it is."""
    when = era(5)
    held = connections["platform"]
    with transaction.atomic(using="platform"), held.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('tongdao.platform_level'))")
        assert reckon(when) == 0
    assert reckon(when)


def test_a_week_in_which_nothing_was_answered_has_no_figure() -> None:
    when = era(5) + timedelta(days=60)
    with clock.shifted(when):
        sale = sold(1)
        sale.ask("refund_only", "quality")
        with merchant_scope(sale.earner.shop.merchant_id):
            _, weeks = served(clock.now(), weeks=3)
    assert [(week.cases, week.answer, week.refund) for week in weeks] == [
        (0, None, None),
        (0, None, None),
        (1, None, None),
    ]
