"""What a buyer asks for after the sale, and what becomes of it; the platform is called here, too."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from django.http.response import HttpResponseBase
from ninja import Form, Router

from tongdao.faces.api.access import Call, as_person, merchant_of
from tongdao.faces.api.my_case_shapes import (
    CaseFiles,
    MyCaseCardOut,
    MyCaseOfferOut,
    MyCaseOut,
    MyCaseTextIn,
    MyCaseWishIn,
    MySendBackIn,
    MyStatementIn,
    card_out,
    case_out,
    offer_out,
)
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Limit, Offset, Page, SayKey
from tongdao.faces.kit.attachments import serve_attachment
from tongdao.foundation.attachments import Kept
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.trade.aftersales.eligibility import offers
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations import (
    CaseWish,
    add_words,
    confirm_replacement,
    correct_waybill,
    open_case,
    send_back,
    withdraw_case,
)
from tongdao.trade.aftersales.posting import post
from tongdao.trade.aftersales.queries import case_view, file_of
from tongdao.trade.disputes.models import StatementFile
from tongdao.trade.disputes.operations import (
    accept_ruling,
    appeal,
    concede,
    drop_dispute,
    open_dispute,
    state_case,
)
from tongdao.trade.disputes.queries import dispute_of
from tongdao.trade.disputes.queries import file_of as statement_file_of
from tongdao.trade.orders.models import Order

router = Router(tags=["after-sale"])
CASE = "/cases/{case_id}"
DISPUTE = CASE + "/dispute"


@operation(router, "GET", "/cases", need="person", answer=Page[MyCaseCardOut])
def list_my_cases(request: Call, limit: Limit = 20, offset: Offset = 0) -> Page[MyCaseCardOut]:
    """My after-sale cases at all merchants, newest first."""
    with person_scope(request.auth.id):
        rows = list(AfterSale.objects.order_by("-opened_at", "-id")[offset : offset + limit + 1])
    return Page(items=[card_out(row) for row in rows[:limit]], more=len(rows) > limit)


@operation(
    router,
    "GET",
    "/orders/{order_id}/case-offers",
    need="person",
    answer=list[MyCaseOfferOut],
    refuses=[404],
)
def list_my_case_offers(request: Call, order_id: UUID) -> list[MyCaseOfferOut]:
    """What I may ask for now, by line of my order: from what left, what arrived, and what was promised."""
    with merchant_scope(merchant_of(Order, order_id, request.auth.id)):
        return [offer_out(offer) for offer in offers(Order.objects.get(pk=order_id))]


@operation(
    router,
    "POST",
    "/orders/{order_id}/cases",
    need="person",
    answer=MyCaseOut,
    status=201,
    refuses=[404, 409],
)
def open_my_case(
    request: Call,
    order_id: UUID,
    body: Annotated[MyCaseWishIn, Form()],
    files: CaseFiles = [],  # noqa: B006 it is only read; the description wants a list
) -> MyCaseOut:
    """Ask for something. The same `case_id` again answers with the same case."""
    merchant_id, actor = merchant_of(Order, order_id, request.auth.id), as_person(request)
    options = {body.line_id: body.option_sku_id} if body.option_sku_id else {}
    units = {body.line_id: body.units}

    def ask(kept: Sequence[Kept]) -> AfterSale:
        wish = CaseWish(
            order_id, body.kind, units, body.reason, body.text, body.asked_fen, options, body.case_id, kept
        )
        return open_case(wish, actor=actor)

    post(merchant_id, ask, files)
    return _read(request, merchant_id, body.case_id)


@operation(router, "GET", CASE, need="person", answer=MyCaseOut, refuses=[404])
def read_my_case(request: Call, case_id: UUID) -> MyCaseOut:
    """A case of mine: how it stands, who has to move by when, what was said, and the dispute about it."""
    return _read(request, _merchant(request, case_id), case_id)


@operation(router, "GET", CASE + "/files/{file_id}", need="person", answer=bytes, refuses=[404])
def download_my_case_file(request: Call, case_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A picture or a video that either side showed."""
    with merchant_scope(_merchant(request, case_id)):
        row = file_of(case_id, file_id)
    return serve_attachment(row, request)


@operation(router, "POST", CASE + "/withdraw", need="person", answer=MyCaseOut, refuses=[404, 409])
def withdraw_my_case(request: Call, case_id: UUID) -> MyCaseOut:
    """I think better of it, before anything was sent."""
    with merchant_scope(merchant_id := _merchant(request, case_id)):
        withdraw_case(case_id, actor=as_person(request))
    return _read(request, merchant_id, case_id)


@operation(router, "POST", CASE + "/send-back", need="person", answer=MyCaseOut, refuses=[404, 409])
def send_my_case_back(request: Call, case_id: UUID, body: MySendBackIn) -> MyCaseOut:
    """The goods are on their way to the seller; from now on the carrier is asked where they are."""
    with merchant_scope(merchant_id := _merchant(request, case_id)):
        send_back(case_id, body.carrier, body.waybill_no, actor=as_person(request))
    return _read(request, merchant_id, case_id)


@operation(router, "POST", CASE + "/waybill", need="person", answer=MyCaseOut, refuses=[404, 409])
def correct_my_waybill(request: Call, case_id: UUID, body: MySendBackIn) -> MyCaseOut:
    """I gave a wrong number, or the wrong carrier, of what I sent back; the seller's time begins anew."""
    with merchant_scope(merchant_id := _merchant(request, case_id)):
        correct_waybill(case_id, body.carrier, body.waybill_no, actor=as_person(request))
    return _read(request, merchant_id, case_id)


@operation(router, "POST", CASE + "/confirm", need="person", answer=MyCaseOut, refuses=[404, 409])
def confirm_my_replacement(request: Call, case_id: UUID) -> MyCaseOut:
    """I have the other goods, or the same ones mended."""
    with merchant_scope(merchant_id := _merchant(request, case_id)):
        confirm_replacement(case_id, actor=as_person(request))
    return _read(request, merchant_id, case_id)


@operation(router, "POST", CASE + "/words", need="person", answer=MyCaseOut, status=201, refuses=[404, 409])
def say_in_my_case(
    request: Call,
    case_id: UUID,
    body: Annotated[MyCaseTextIn, Form()],
    files: CaseFiles = [],  # noqa: B006 as above
    key: SayKey = "",
) -> MyCaseOut:
    """Say more while the case is open, with words or files."""
    merchant_id, actor = _merchant(request, case_id), as_person(request)
    post(
        merchant_id,
        lambda kept: add_words(case_id, body.text, kept, side=Side.BUYER, actor=actor, key=key),
        files,
    )
    return _read(request, merchant_id, case_id)


@operation(router, "POST", DISPUTE, need="person", answer=MyCaseOut, status=201, refuses=[404, 409])
def dispute_my_case(
    request: Call,
    case_id: UUID,
    body: Annotated[MyStatementIn, Form()],
    files: CaseFiles = [],  # noqa: B006 as above
) -> MyCaseOut:
    """Ask the platform to decide, after a refusal. Asking again answers with the same dispute."""
    merchant_id, actor = _merchant(request, case_id), as_person(request)
    post(
        merchant_id,
        lambda kept: open_dispute(case_id, body.text, kept, side=Side.BUYER, actor=actor),
        files,
        keeps=StatementFile,
    )
    return _read(request, merchant_id, case_id)


@operation(
    router, "POST", DISPUTE + "/statements", need="person", answer=MyCaseOut, status=201, refuses=[404, 409]
)
def state_my_case(
    request: Call,
    case_id: UUID,
    body: Annotated[MyStatementIn, Form()],
    files: CaseFiles = [],  # noqa: B006 as above
    key: SayKey = "",
) -> MyCaseOut:
    """Say more to the arbiter, as long as nothing is ruled for good."""
    merchant_id, actor = _merchant(request, case_id), as_person(request)
    dispute_id = _dispute(merchant_id, case_id)
    post(
        merchant_id,
        lambda kept: state_case(dispute_id, body.text, kept, side=Side.BUYER, actor=actor, key=key),
        files,
        keeps=StatementFile,
    )
    return _read(request, merchant_id, case_id)


@operation(
    router, "POST", DISPUTE + "/appeal", need="person", answer=MyCaseOut, status=201, refuses=[404, 409]
)
def appeal_my_ruling(
    request: Call,
    case_id: UUID,
    body: Annotated[MyStatementIn, Form()],
    files: CaseFiles = [],  # noqa: B006 as above
    key: SayKey = "",
) -> MyCaseOut:
    """Another arbiter is to look, once."""
    merchant_id, actor = _merchant(request, case_id), as_person(request)
    dispute_id = _dispute(merchant_id, case_id)
    post(
        merchant_id,
        lambda kept: appeal(dispute_id, body.text, kept, side=Side.BUYER, actor=actor, key=key),
        files,
        keeps=StatementFile,
    )
    return _read(request, merchant_id, case_id)


@operation(router, "POST", DISPUTE + "/accept", need="person", answer=MyCaseOut, refuses=[404, 409])
def accept_my_ruling(request: Call, case_id: UUID) -> MyCaseOut:
    """I do not appeal: the ruling is carried out now."""
    merchant_id = _merchant(request, case_id)
    dispute_id = _dispute(merchant_id, case_id)
    with merchant_scope(merchant_id):
        accept_ruling(dispute_id, side=Side.BUYER, actor=as_person(request))
    return _read(request, merchant_id, case_id)


@operation(router, "POST", DISPUTE + "/drop", need="person", answer=MyCaseOut, refuses=[404, 409])
def drop_my_dispute(request: Call, case_id: UUID) -> MyCaseOut:
    """The platform need not decide; the case goes on where it stood."""
    merchant_id = _merchant(request, case_id)
    dispute_id = _dispute(merchant_id, case_id)
    with merchant_scope(merchant_id):
        drop_dispute(dispute_id, side=Side.BUYER, actor=as_person(request))
    return _read(request, merchant_id, case_id)


@operation(router, "POST", DISPUTE + "/concede", need="person", answer=MyCaseOut, refuses=[404, 409])
def concede_my_dispute(request: Call, case_id: UUID) -> MyCaseOut:
    """The shop called the platform, and I withdraw the case before anything is ruled."""
    merchant_id = _merchant(request, case_id)
    dispute_id = _dispute(merchant_id, case_id)
    with merchant_scope(merchant_id):
        concede(dispute_id, side=Side.BUYER, actor=as_person(request))
    return _read(request, merchant_id, case_id)


@operation(router, "GET", DISPUTE + "/files/{file_id}", need="person", answer=bytes, refuses=[404])
def download_my_statement_file(request: Call, case_id: UUID, file_id: UUID) -> HttpResponseBase:
    """What either side showed the arbiter."""
    merchant_id = _merchant(request, case_id)
    dispute_id = _dispute(merchant_id, case_id)
    with merchant_scope(merchant_id):
        row = statement_file_of(dispute_id, file_id)
    return serve_attachment(row, request)


def _merchant(request: Call, case_id: UUID) -> UUID:
    return merchant_of(AfterSale, case_id, request.auth.id)


def _dispute(merchant_id: UUID, case_id: UUID) -> UUID:
    """The latest about the case. Raises NotFound."""
    with merchant_scope(merchant_id):
        found = dispute_of(case_id)
    if found is None:
        raise NotFound()
    return found.row.id


def _read(request: Call, merchant_id: UUID, case_id: UUID) -> MyCaseOut:
    with merchant_scope(merchant_id):
        return case_out(case_view(case_id, person_id=request.auth.id), dispute_of(case_id))
