"""Talking about an order, for its buyer, and for the promoter whom the buyer wrote to."""

from typing import Annotated
from uuid import UUID

from django.http.response import HttpResponseBase
from ninja import Form, Query, Router

from tongdao.faces.api.access import Call, as_person, merchant_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.promoters import own_standing
from tongdao.faces.api.talk_shapes import (
    Files,
    MessageIn,
    MyTalkOut,
    PromoterMessageIn,
    SeenIn,
    TalkOut,
    my_talk_out,
    talk_out,
)
from tongdao.faces.kit.attachments import serve_attachment
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.orders.models import Order
from tongdao.trade.talk.access import order_of_buyer
from tongdao.trade.talk.models import Side
from tongdao.trade.talk.operations import Said, mark_seen, send_as_buyer, send_as_promoter
from tongdao.trade.talk.posting import post
from tongdao.trade.talk.queries import file_of, promoters_to_write_to, talk_for_buyer, talk_for_promoter

router = Router(tags=["talk"])
ORDER = "/orders/{order_id}/talk"
MINE = "/merchants/{merchant_id}/promoters/me/orders/{order_id}/talk"
Before = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="The `earlier` of the part after it")]


@operation(router, "GET", ORDER, need="person", answer=MyTalkOut, refuses=[404])
def read_my_talk(
    request: Call, order_id: UUID, promoter_id: UUID | None = None, before: Before = None
) -> MyTalkOut:
    """What the shop and I say about an order of mine; or a promoter of record and I. Empty before I write."""
    return _mine(request, order_id, promoter_id, before)


@operation(router, "POST", ORDER, need="person", answer=MyTalkOut, status=201, refuses=[404, 409, 429])
def write_my_message(
    request: Call,
    order_id: UUID,
    body: Annotated[MessageIn, Form()],
    files: Files = [],  # noqa: B006 it is only read; the description wants a list
) -> MyTalkOut:
    """Write to the shop about an order of mine, or to a promoter of record, who reads nothing private."""
    merchant_id, actor = merchant_of(Order, order_id, request.auth.id), as_person(request)
    post(
        merchant_id,
        lambda kept: send_as_buyer(
            order_id, Said(body.text, body.key, kept), promoter_id=body.promoter_id, actor=actor
        ),
        files,
        actor=actor,
    )
    return _mine(request, order_id, body.promoter_id, None)


@operation(router, "PUT", ORDER + "/seen", need="person", answer=MyTalkOut, refuses=[404])
def mark_my_talk_seen(request: Call, order_id: UUID, body: SeenIn) -> MyTalkOut:
    """I have read up to there. It never goes back."""
    with merchant_scope(merchant_of(Order, order_id, request.auth.id)):
        view = talk_for_buyer(order_id, promoter_id=body.promoter_id, actor=as_person(request))
        if view.talk_id:
            mark_seen(view.talk_id, Side.BUYER, body.place)
    return _mine(request, order_id, body.promoter_id, None)


@operation(router, "GET", ORDER + "/files/{file_id}", need="person", answer=bytes, refuses=[404])
def download_my_message_file(request: Call, order_id: UUID, file_id: UUID) -> HttpResponseBase:
    """A picture or video of my conversation with the shop."""
    with merchant_scope(merchant_of(Order, order_id, request.auth.id)):
        order_of_buyer(order_id, as_person(request))
        row = file_of(order_id, file_id)
    return serve_attachment(row, request)


@operation(router, "GET", MINE, need="person", answer=TalkOut, refuses=[404])
def read_my_buyers_talk(request: Call, merchant_id: UUID, order_id: UUID, before: Before = None) -> TalkOut:
    """What the buyer of an order that pays me asks. Who it is stays unknown, in their words as well."""
    own_standing(request, merchant_id)
    with merchant_scope(merchant_id):
        return talk_out(talk_for_promoter(order_id, before=before, actor=as_person(request)))


@operation(router, "POST", MINE, need="person", answer=TalkOut, status=201, refuses=[404, 409, 429])
def answer_my_buyer(request: Call, merchant_id: UUID, order_id: UUID, body: PromoterMessageIn) -> TalkOut:
    """Answer the buyer, once the buyer has written."""
    own_standing(request, merchant_id)
    actor, said = as_person(request), Said(body.text, body.key)
    post(merchant_id, lambda _kept: send_as_promoter(order_id, said, actor=actor), (), actor=actor)
    with merchant_scope(merchant_id):
        return talk_out(talk_for_promoter(order_id, actor=actor))


@operation(router, "PUT", MINE + "/seen", need="person", answer=TalkOut, refuses=[404])
def mark_my_buyers_talk_seen(request: Call, merchant_id: UUID, order_id: UUID, body: SeenIn) -> TalkOut:
    """I have read up to there."""
    own_standing(request, merchant_id)
    with merchant_scope(merchant_id):
        view = talk_for_promoter(order_id, actor=as_person(request))
        if view.talk_id:
            mark_seen(view.talk_id, Side.PROMOTER, body.place)
        return talk_out(talk_for_promoter(order_id, actor=as_person(request)))


def _mine(request: Call, order_id: UUID, promoter_id: UUID | None, before: int | None) -> MyTalkOut:
    with merchant_scope(merchant_of(Order, order_id, request.auth.id)):
        view = talk_for_buyer(order_id, promoter_id=promoter_id, before=before, actor=as_person(request))
        return my_talk_out(view, promoters_to_write_to(order_id))
