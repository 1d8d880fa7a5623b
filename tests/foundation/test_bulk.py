"""Many rows of many tables in one statement: what goes in comes out, whatever the column's type."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tenancy.catalogue import tenant_models
from tests.tenancy.planting import fields, make, parents
from tongdao.finance.ledger.models import LedgerDay
from tongdao.foundation import clock
from tongdao.foundation.bulk import Together
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import TenantModel, merchant_scope
from tongdao.goods.catalog.models import Product, Sku
from tongdao.reach.traffic.models import ShareLink
from tongdao.trade.orders.models import DeliveryAddress
from tongdao.trade.payments.models import CallbackRecord

NASTY = [
    "",
    "茶 🍵",
    "back\\slash \\x00 \\u0000",
    "'quotes' \"double\"",
    "a\tb\nc\r\x1f",
    "%s %(x)s {}",
    "e\u0301",
    "null",
]
FIRST = dt.datetime(1, 1, 2)  # noqa: DTZ001 hypothesis wants it without a zone
LAST = dt.datetime(9999, 12, 30)  # noqa: DTZ001 as above
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
some = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


class Undone(Exception):
    """Rolls the savepoint back."""


def a_product(**values: Any) -> Product:
    """Moments that the ORM fills in by itself have to be given to a set-based write."""
    now = clock.now()
    return Product(**{"handle": uuid7().hex, "title": "x", "created_at": now, "updated_at": now} | values)


def write(*rows: TenantModel) -> None:
    together = Together()
    together.insert(rows)
    together.execute()


def written(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


@pytest.mark.parametrize("text", NASTY)
def test_text_and_sealed_text_come_back(text: str) -> None:
    with merchant_scope(uuid7()):
        product = a_product(body_html=text, tags=[text, None, 1.5, {"k": text}])
        address = make(DeliveryAddress)
        copy = DeliveryAddress(
            purchase_id=address.purchase_id, person_id=uuid7(), recipient=text, phone=text, detail=text
        )
        write(product, copy)
        assert written(product).body_html == text
        assert written(product).tags == [text, None, 1.5, {"k": text}]
        assert (written(copy).recipient, written(copy).detail) == (text, text)


@some
@given(text=TEXT, numbers=st.integers(-(2**31), 2**31 - 1), fen=st.integers(0, 2**53 - 1))
def test_any_text_and_number(text: str, numbers: int, fen: int) -> None:
    with merchant_scope(uuid7()):
        product = a_product(body_html=text, tags={"text": text, "n": numbers})
        sku = Sku(product=product, position=numbers, currency="CNY", price_fen=fen, option_values=[text])
        write(product, sku)
        assert written(product).tags == {"text": text, "n": numbers}
        assert (written(sku).position, written(sku).price_fen) == (numbers, fen)
        assert written(sku).option_values == [text]


@some
@given(digest=st.binary(max_size=64), at=st.datetimes(FIRST, LAST))
def test_any_bytes_and_moment(digest: bytes, at: dt.datetime) -> None:
    moment = at.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))
    with merchant_scope(uuid7()):
        record = CallbackRecord(source="carrier", verdict="forged", digest=digest, at=moment)
        write(record)
        assert (bytes(written(record).digest), written(record).at) == (digest, moment)


def test_dates_and_nulls() -> None:
    with merchant_scope(uuid7()):
        day = LedgerDay(day=dt.date(2026, 2, 28))
        link = make(ShareLink)
        bare = ShareLink(token="t", channel="c", storefront_id=link.storefront_id, created_at=clock.now())
        write(day, bare)
        assert written(day).day == dt.date(2026, 2, 28)
        assert (written(day).seal, written(day).sealed_at) == (None, None)
        assert (written(bare).product_id, written(bare).promoter_id, written(bare).person_id) == (None,) * 3


@pytest.mark.parametrize(
    "model", [pytest.param(m, id=m._meta.db_table) for m in tenant_models() if m is not Event]
)
def test_every_model_can_be_written_so(model: type[TenantModel]) -> None:
    """A row made by the ORM, rolled back, written by the statement: all columns as they were.

    Then all of it is rolled back: what else has to be there at the end of a transaction is not its matter.
    """
    with suppress(Undone), merchant_scope(uuid7()):
        given = {field.attname: make(field.related_model).id for field in parents(model)}
        with suppress(Undone), transaction.atomic():
            row = make(model, **given)
            raise Undone
        write(row)
        found = written(row)
        for field in fields(model):
            got, gave = getattr(found, field.attname), getattr(row, field.attname)
            assert (bytes(got) if isinstance(got, memoryview) else got) == gave, field
        raise Undone


def test_parents_and_children_in_any_order_in_one_statement() -> None:
    statements: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with merchant_scope(uuid7()):
        product = a_product()
        sku = Sku(product=product, position=1, currency="CNY", price_fen=1)
        together = Together()
        together.insert([sku])
        together.insert([product])
        together.also(
            "update product set vendor = p.v from jsonb_to_recordset(%s::jsonb) as p(v text) where false",
            [{"v": "x"}],
        )
        with connection.execute_wrapper(note):
            together.execute()
        assert written(sku).product_id == product.id
    assert len(statements) == 1


def test_one_bad_row_writes_none() -> None:
    merchant = uuid7()
    with pytest.raises(DatabaseError), merchant_scope(merchant):
        write(
            a_product(handle="same"),
            a_product(),
            a_product(handle="same"),
        )
    with merchant_scope(merchant):
        assert not Product.objects.exists()


def test_nothing_collected_is_no_statement() -> None:
    with connection.execute_wrapper(_never):
        Together().execute()


def _never(*_: Any) -> Any:
    raise AssertionError("a statement was sent")
