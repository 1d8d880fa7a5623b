"""Signing in from a mini-program: the code that `wx.login` gave becomes an access token."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tongdao.faces.api.access import store_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Slug, Text
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.foundation.throttling import take
from tongdao.party.merchants.models import WechatKind
from tongdao.party.merchants.operations import wechat_app
from tongdao.party.people import limits
from tongdao.party.people.operations import issue_token
from tongdao.party.people.second import check_second_step
from tongdao.party.people.visitors import visitor_address
from tongdao.party.people.wechat import exchange, open_by_wechat

router = Router(tags=["people"])


class MiniSignInIn(Input):
    code: Text = Field(min_length=1, max_length=512, description="Of wx.login: good once, for five minutes")
    second: Text = Field("", max_length=20, description="Code of the authenticator app, where one is set up")


class MiniTokenOut(Schema):
    """The token is shown this once."""

    person_id: UUID
    token: str


@operation(
    router,
    "POST",
    "/stores/{slug}/tokens/by-wechat",
    need="nobody",
    answer=MiniTokenOut,
    status=201,
    refuses=[401, 404, 429, 503],
)
def sign_in_by_wechat(request: HttpRequest, slug: Slug, body: MiniSignInIn) -> MiniTokenOut:
    """Sign in with the store's mini-program; who is new gets an account.

    Whoever is known in another app of the same open-platform account is the same person.
    """
    with merchant_scope(store_of(slug).merchant_id):
        app = wechat_app(WechatKind.MINI)
    if app is None:
        raise NotFound()
    take(limits.WECHAT_BY_ADDRESS, visitor_address(request))
    person = open_by_wechat(exchange(app, body.code))
    check_second_step(person.id, body.second)
    return MiniTokenOut(person_id=person.id, token=issue_token(person))
