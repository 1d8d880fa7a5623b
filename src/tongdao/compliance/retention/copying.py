"""The copy itself: one ZIP file with the data for programs, the same to read, pictures and videos."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from tongdao.compliance.retention.circle import accounts_of, global_holdings, merchant_holdings, merchants_of
from tongdao.compliance.retention.events import PersonDataTaken
from tongdao.compliance.retention.models import TakeOut
from tongdao.compliance.retention.words import label_of, shown, title_of
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments.models import AttachmentRow
from tongdao.foundation.events import Subject, record
from tongdao.foundation.personal import Holding
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Merchant

FORMAT = "tongdao.take-out/1"
Note = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one table; `columns` are look-ups of foundation.personal, and so are the keys of `rows`."""

    name: str
    columns: Sequence[str]
    rows: Sequence[dict[str, Any]]

    @property
    def title(self) -> str:
        return title_of(self.name)

    @property
    def labels(self) -> list[str]:
        return [label_of(column) for column in self.columns]

    def lines(self) -> Iterator[list[str]]:
        for row in self.rows:
            yield [shown(column, row[column]) for column in self.columns]


@dataclass(frozen=True, slots=True)
class Part:
    """What one merchant holds, or the account itself, whose `name` is empty."""

    name: str
    tables: Sequence[Table]


def write_copy(row: TakeOut, out: BinaryIO, *, note: Note) -> None:
    """Write the file. `note` is told how many steps are done, of how many. Opens its own scopes."""
    accounts = accounts_of(row.person_id)
    merchants = merchants_of(accounts)
    steps = 1 + len(merchants)
    files: list[Path] = []
    parts = [Part("", _tables(global_holdings(), accounts))]
    note(1, steps)
    names = dict(Merchant.objects.filter(pk__in=merchants).values_list("id", "name"))
    for done, merchant_id in enumerate(merchants, 2):
        parts.append(_at(row, merchant_id, names[merchant_id], accounts, files))
        note(done, steps)
    _zip(row, parts, files, out)


def _at(row: TakeOut, merchant_id: UUID, name: str, accounts: Sequence[UUID], files: list[Path]) -> Part:
    """Read one merchant's rows; the log tells it that they were taken out."""
    with merchant_scope(merchant_id):
        tables = _tables(merchant_holdings(), accounts)
        for holding in merchant_holdings():
            if holding.file:
                files += [file for person in accounts for file in _files(holding, person)]
        payload = PersonDataTaken(person_id=row.person_id, take_out_id=row.id)
        record(payload, subject=Subject("take_out", row.id), actor=Actor("person", row.person_id))
    return Part(name, tables)


def _tables(holdings: Sequence[Holding], accounts: Sequence[UUID]) -> list[Table]:
    tables = []
    for holding in holdings:
        rows = [row for person in accounts for row in holding.of(person).values(*holding.shows)]
        if rows and holding.shows:
            tables.append(Table(holding.table, holding.shows, rows))
    return tables


def _files(holding: Holding, person_id: UUID) -> list[Path]:
    private = issubclass(holding.model, AttachmentRow)
    root = Path(settings.PRIVATE_ROOT if private else settings.MEDIA_ROOT)
    return [root / file for file in holding.of(person_id).values_list(holding.file, flat=True) if file]


def _zip(row: TakeOut, parts: Sequence[Part], files: Sequence[Path], out: BinaryIO) -> None:
    at = clock.now()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(_data(row, parts, at), ensure_ascii=False, indent=1))
        archive.writestr("data.html", render_to_string("retention/copy.html", {"parts": parts, "at": at}))
        for path in files:
            if path.exists():
                archive.write(path, f"pictures/{path.name}")


def _data(row: TakeOut, parts: Sequence[Part], at: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "person_id": str(row.person_id),
        "made_at": at.isoformat(),
        "account": _told(parts[0]),
        "merchants": [{"name": part.name, "tables": _told(part)} for part in parts[1:]],
    }


def _told(part: Part) -> dict[str, Any]:
    return {
        table.name: [{name: _plain(value) for name, value in row.items()} for row in table.rows]
        for table in part.tables
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value
