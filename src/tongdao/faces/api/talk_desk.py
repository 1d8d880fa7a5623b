"""Conversations as the staff serve them, and what they send often."""

from typing import Annotated
from uuid import UUID

from django.http.response import HttpResponseBase
from ninja import Form, Query, Router

from tongdao.faces.api.access import Call, as_staff
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Limit, Offset, Page
from tongdao.faces.api.talk import Before
from tongdao.faces.api.talk_shapes import (
    Files,
    MessageIn,
    QuickAnswerIn,
    QuickAnswerOut,
    QuickOrderIn,
    SeenIn,
    TalkCardOut,
    TalkOut,
    quick_out,
    talk_out,
)
from tongdao.faces.kit.attachments import serve_attachment
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.talk.cards import cards_of
from tongdao.trade.talk.models import Side
from tongdao.trade.talk.operations import (
    QuickDraft,
    Said,
    add_quick_answer,
    arrange_quick_answers,
    change_quick_answer,
    mark_seen,
    remove_quick_answer,
    send_as_staff,
    settle_talk,
)
from tongdao.trade.talk.posting import post
from tongdao.trade.talk.queries import file_of, quick_answers, talk_for_staff, talks

router = Router(tags=["talk"])
DESK = "/merchants/{merchant_id}"
TALK = DESK + "/orders/{order_id}/talk"
QUICK = DESK + "/quick-answers"


@operation(router, "GET", DESK + "/talks", need="orders.read", answer=Page[TalkCardOut])
def list_talks(
    request: Call,
    merchant_id: UUID,
    waiting: Annotated[
        bool, Query(description="Only those in which a buyer waits, the longest first")
    ] = False,
    limit: Limit = 20,
    offset: Offset = 0,
) -> Page[TalkCardOut]:
    """All conversations, the latest first."""
    order = ("buyer_waits_since", "id") if waiting else ("-last_at", "-id")
    found = list(talks(waiting=waiting).order_by(*order)[offset : offset + limit + 1])
    cards = [TalkCardOut.model_validate(card, from_attributes=True) for card in cards_of(found[:limit])]
    return Page(items=cards, more=len(found) > limit)


@operation(router, "GET", TALK, need="orders.read", answer=TalkOut)
def read_talk(
    request: Call,
    merchant_id: UUID,
    order_id: UUID,
    promoter_id: UUID | None = None,
    before: Before = None,
) -> TalkOut:
    """What was said about an order; with `promoter_id`, between its buyer and that promoter."""
    view = talk_for_staff(order_id, promoter_id=promoter_id, before=before, actor=as_staff(request))
    return talk_out(view)


@operation(
    router,
    "POST",
    TALK,
    need="orders.serve",
    answer=TalkOut,
    status=201,
    refuses=[409, 429],
    inside=False,
)
def write_message(
    request: Call,
    merchant_id: UUID,
    order_id: UUID,
    body: Annotated[MessageIn, Form()],
    files: Files = [],  # noqa: B006 it is only read; the description wants a list
) -> TalkOut:
    """Write to the buyer of an order. It is the answer that the buyer waits for, if one does."""
    actor = as_staff(request)
    post(
        merchant_id,
        lambda kept: send_as_staff(
            order_id, Said(body.text, body.key, kept), promoter_id=body.promoter_id, actor=actor
        ),
        files,
        actor=actor,
    )
    with merchant_scope(merchant_id):
        return talk_out(talk_for_staff(order_id, promoter_id=body.promoter_id, actor=actor))


@operation(router, "PUT", TALK + "/seen", need="orders.serve", answer=TalkOut)
def mark_talk_seen(request: Call, merchant_id: UUID, order_id: UUID, body: SeenIn) -> TalkOut:
    """The shop has read up to there. It never goes back."""
    actor = as_staff(request)
    view = talk_for_staff(order_id, promoter_id=body.promoter_id, actor=actor)
    if view.talk_id:
        mark_seen(view.talk_id, Side.STAFF, body.place)
    return talk_out(talk_for_staff(order_id, promoter_id=body.promoter_id, actor=actor))


@operation(router, "POST", TALK + "/settle", need="orders.serve", answer=TalkOut)
def settle_order_talk(request: Call, merchant_id: UUID, order_id: UUID, body: SeenIn) -> TalkOut:
    """What the buyer wrote up to there needs no answer: nobody waits any more. Again is no error."""
    settle_talk(order_id, body.place, actor=as_staff(request))
    return talk_out(talk_for_staff(order_id, actor=as_staff(request)))


@operation(router, "GET", TALK + "/files/{file_id}", need="orders.read", answer=bytes)
def download_message_file(
    request: Call, merchant_id: UUID, order_id: UUID, file_id: UUID
) -> HttpResponseBase:
    """A picture or video of the conversation with the buyer."""
    return serve_attachment(file_of(order_id, file_id), request)


@operation(router, "GET", QUICK, need="orders.serve", answer=list[QuickAnswerOut])
def list_quick_answers(request: Call, merchant_id: UUID) -> list[QuickAnswerOut]:
    """What service sends often, in its order."""
    return _quick()


@operation(router, "POST", QUICK, need="orders.serve", answer=QuickAnswerOut, status=201, refuses=[409])
def create_quick_answer(request: Call, merchant_id: UUID, body: QuickAnswerIn) -> QuickAnswerOut:
    """A new one, behind the others."""
    return quick_out(
        add_quick_answer(QuickDraft(body.title, body.text, body.text_en), actor=as_staff(request))
    )


@operation(router, "PUT", QUICK, need="orders.serve", answer=list[QuickAnswerOut])
def order_quick_answers(request: Call, merchant_id: UUID, body: QuickOrderIn) -> list[QuickAnswerOut]:
    """Those named stand first, in this order."""
    arrange_quick_answers(body.quick_answer_ids, actor=as_staff(request))
    return _quick()


@operation(router, "PUT", QUICK + "/{quick_answer_id}", need="orders.serve", answer=QuickAnswerOut)
def edit_quick_answer(
    request: Call, merchant_id: UUID, quick_answer_id: UUID, body: QuickAnswerIn
) -> QuickAnswerOut:
    """Say it otherwise."""
    draft = QuickDraft(body.title, body.text, body.text_en)
    return quick_out(change_quick_answer(quick_answer_id, draft, actor=as_staff(request)))


@operation(router, "DELETE", QUICK + "/{quick_answer_id}", need="orders.serve", answer=None, status=204)
def delete_quick_answer(request: Call, merchant_id: UUID, quick_answer_id: UUID) -> None:
    """What was sent with it stays."""
    remove_quick_answer(quick_answer_id, actor=as_staff(request))


def _quick() -> list[QuickAnswerOut]:
    return [quick_out(row) for row in quick_answers()]
