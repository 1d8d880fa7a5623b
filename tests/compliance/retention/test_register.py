"""No table that may hold something of a person can be forgotten: this test is the law."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import models

from tests.foundation.attachments.rows import Enclosure
from tongdao.compliance.retention.words import COLUMNS, LAWS, TABLES
from tongdao.foundation.attachments.forgetting import attachment_tables
from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.ids import uuid7
from tongdao.foundation.personal import HOLDINGS, IMPERSONAL, Holding, holds, impersonal
from tongdao.foundation.pii import EncryptedTextField
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.models import Person
from tongdao.rulebook.registry import Sheet, sheet

PERSONAL_NAME = re.compile(
    r"(^|_)(person|staff|recipient|phone|email|address|visitor|owner|device|shown_name)(_id)?$"
    r"|_by$|^(member|member_id|opened_by|actor|actor_id|on_behalf_of|lookup|user_id|root|absorbed)$"
)


def _may_hold(field: models.Field[Any, Any]) -> bool:
    return (
        isinstance(field, EncryptedTextField)
        or bool(PERSONAL_NAME.search(field.name))
        or (isinstance(field, models.ForeignKey) and field.related_model is Person)
    )


def _suspects() -> dict[str, list[str]]:
    """Tables of this house with columns that could be a person's, and the columns."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models():
        if model.__module__.startswith("tongdao."):
            columns = [field.name for field in model._meta.local_fields if _may_hold(field)]
            if columns:
                found[model._meta.db_table] = columns
    return found


def test_every_table_that_may_hold_something_of_a_person_is_known_to_retention() -> None:
    unknown = {
        table: columns
        for table, columns in _suspects().items()
        if table not in HOLDINGS.keys() | IMPERSONAL.keys()
    }
    assert not unknown, (
        "say in the room's module `personal` what becomes of these rows when their person is erased"
        " (foundation.personal.holds), or why they are nobody's (impersonal)"
    )


def _careless(models: Iterable[type[AttachmentRow]], holdings: Mapping[str, Holding]) -> list[str]:
    """Tables of files that no copy would hold, or whose files would outlive their rows."""
    found = []
    for model in models:
        table = model._meta.db_table
        held = holdings.get(table)
        if held is None or held.file != "file" or (held.fate == "erased" and held.erase is None):
            found.append(table)
    return found


def test_files_that_were_sent_along_are_in_the_copy_and_go_with_their_rows() -> None:
    """Give `file="file"`, and where rows go `erase` by attachments.forgetting.delete_with_files."""
    assert _careless(attachment_tables(), HOLDINGS) == []


def test_a_table_of_files_that_was_registered_carelessly_is_seen() -> None:
    rows: list[type[AttachmentRow]] = [Enclosure]
    name = Enclosure._meta.db_table
    assert _careless(rows, {}) == [name]
    assert _careless(rows, {name: Holding(Enclosure, "kept")}) == [name]
    assert _careless(rows, {name: Holding(Enclosure, "erased", file="file")}) == [name]
    erasing = Holding(Enclosure, "erased", file="file", erase=lambda person_id: 0)
    assert _careless(rows, {name: erasing}) == []


def test_the_walk_sees_what_it_should() -> None:
    suspects = _suspects()
    assert {
        "delivery_address",
        "identity",
        "order",
        "review",
        "promoter",
        "touch",
        "cart_line",
    } <= suspects.keys()
    assert len(suspects) > 25


def test_sealed_columns_are_written_over_or_go() -> None:
    """A kept or blanked row may keep a sealed column only where it is a key of ours or says where goods go
    back to, or where tax papers and books have to name who was paid
    (tests/rewards/settlement/test_forgetting.py).
    """
    keys = {"parcel.callback_salt", "return_parcel.callback_salt"}
    shops = {"after_sale.back_to", "return_parcel.phone"}
    left = {
        f"{table}.{field.name}"
        for table, holding in HOLDINGS.items()
        if holding.fate != "erased"
        for field in holding.model._meta.local_fields
        if isinstance(field, EncryptedTextField) and field.name not in holding.blank
    }
    assert left == keys | shops | {"payout.real_name"}


HELD = [pytest.param(holding, id=table) for table, holding in sorted(HOLDINGS.items())]


@pytest.mark.parametrize("holding", HELD)
def test_a_registration_is_sound(holding: Holding) -> None:
    assert holding.table in TABLES
    assert set(holding.shows) <= COLUMNS.keys()
    assert set(holding.laws) <= LAWS.keys()
    assert all(isinstance(sheet(name), Sheet) for name in holding.laws)
    assert bool(holding.laws) == bool(holding.since)
    assert bool(holding.blank) == (holding.fate == "blanked")
    with merchant_scope(uuid7()):
        try:
            rows = holding.of(uuid7())
            assert list(rows.values(*holding.shows)) == []
            assert list(rows.values_list(*filter(None, [holding.since, holding.file]))) == []
        except FieldError as error:
            pytest.fail(str(error))


def test_a_table_is_registered_once() -> None:
    known = next(iter(HOLDINGS.values()))
    with pytest.raises(ValueError, match="twice"):
        holds(known.model, known.fate)
    with pytest.raises(ValueError, match="twice"):
        impersonal(known.model, "no")
