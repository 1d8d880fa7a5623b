"""One's own data: a copy, and being erased. Both need a token of the last minutes: sign in, then ask."""

import json
import zipfile
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.compliance.retention.models import Erasure, TakeOut
from tongdao.compliance.retention.operations import (
    ask_erasure,
    ask_take_out,
    open_take_out,
    withdraw_erasure,
)
from tongdao.compliance.retention.queries import Prospect, erasure_of, preview_erasure, take_out_of
from tongdao.compliance.retention.refusals import SignInAgain
from tongdao.faces.api.access import Call, token_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input
from tongdao.foundation.refusals import NotFound
from tongdao.party.people.freshness import token_is_fresh

router = Router(tags=["my data"])
Row = TypeVar("Row")


class TakeOutOut(Schema):
    """`state`: asked, ready or failed. `done` of `steps` are made."""

    state: str
    done: int
    steps: int
    size_bytes: int
    asked_at: datetime
    good_until: datetime | None


class MerchantDataOut(Schema):
    name: str
    tables: dict[str, list[dict[str, Any]]]


class CopyOut(Schema):
    """Columns are named as in the file; money is whole fen."""

    format: str
    person_id: UUID
    made_at: datetime
    account: dict[str, list[dict[str, Any]]]
    merchants: list[MerchantDataOut]


class ErasureIn(Input):
    take_down_reviews: bool = Field(False, description="Take the words and pictures of reviews down, too")


class ErasureOut(Schema):
    """`state`: asked (it can be taken back until `due_at`) or erasing."""

    state: str
    asked_at: datetime
    due_at: datetime


class ProspectOut(Schema):
    """How many rows of a table are erased, blanked or kept; `laws` keep them until that day."""

    table: str
    fate: str
    rows: int
    laws: list[str]
    until: date | None


class BlockerOut(Schema):
    code: str
    message: str


class ErasurePreviewOut(Schema):
    """What erasing would do now. It cannot be asked for while there are `blockers`."""

    blockers: list[BlockerOut]
    tables: list[ProspectOut]
    merchants: int


@operation(router, "POST", "/me/copy", need="person", answer=TakeOutOut, status=202, refuses=[409, 429])
def ask_for_my_copy(request: Call) -> TakeOut:
    """Ask for a copy of my data.

    It is made in the background; `GET /me/copy` tells how far it is.
    """
    return ask_take_out(request.auth.id, language=request.LANGUAGE_CODE)


@operation(router, "GET", "/me/copy", need="person", answer=TakeOutOut, refuses=[404])
def read_my_copy(request: Call) -> TakeOut:
    """How far the copy of my data is."""
    return _found(take_out_of(request.auth.id))


@operation(router, "GET", "/me/copy/data", need="person", answer=CopyOut, refuses=[404, 410])
def read_my_data(request: Call) -> CopyOut:
    """The copy of my data.

    Rows by table, of my account and at each merchant. The pages give the same as a file, with pictures.
    """
    _check_fresh(request)
    with open_take_out(request.auth.id) as file, zipfile.ZipFile(file) as archive:
        return CopyOut(**json.loads(archive.read("data.json")))


@operation(router, "GET", "/me/erasure/preview", need="person", answer=ErasurePreviewOut)
def preview_my_erasure(request: Call) -> ErasurePreviewOut:
    """What would go and what would stay."""
    found = preview_erasure(request.auth.id)
    return ErasurePreviewOut(
        blockers=[BlockerOut(code=each.code, message=str(each)) for each in found.blockers],
        tables=[_prospect(each) for each in (*found.goes, *found.stays)],
        merchants=found.merchants,
    )


@operation(router, "POST", "/me/erasure", need="person", answer=ErasureOut, status=202, refuses=[409])
def ask_for_my_erasure(request: Call, body: ErasureIn) -> Erasure:
    """Ask to be erased, everywhere.

    It happens when the cooling-off days are over; until then it can be taken back.
    """
    _check_fresh(request)
    return ask_erasure(request.auth.id, wishes=["review"] if body.take_down_reviews else [])


@operation(router, "GET", "/me/erasure", need="person", answer=ErasureOut, refuses=[404])
def read_my_erasure(request: Call) -> Erasure:
    """My request to be erased, while it is open."""
    return _found(erasure_of(request.auth.id))


@operation(router, "DELETE", "/me/erasure", need="person", answer=None, status=204, refuses=[409])
def withdraw_my_erasure(request: Call) -> None:
    """Take the request to be erased back."""
    withdraw_erasure(request.auth.id)


def _check_fresh(request: Call) -> None:
    if not token_is_fresh(token_of(request)):
        raise SignInAgain()


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound()
    return row


def _prospect(each: Prospect) -> ProspectOut:
    return ProspectOut(
        table=each.table, fate=each.fate, rows=each.rows, laws=list(each.laws), until=each.until
    )
