"""What a store tells and asks of one's data, and of what one wants to hear on which ways."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call, as_person, store_of
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Slug, Text
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.members.consents import consents_of, say
from tongdao.party.members.models import Member
from tongdao.party.members.notices import CHANNELS, Channel, Purpose, choices_of, choose_notice
from tongdao.party.people.consents import ConsentState, Standing

router = Router(tags=["people"])
STORE = "/stores/{slug}"


class ConsentOut(Schema):
    purpose: str
    notice: bool = Field(description="Told, not asked: nothing to say no to")
    version: str = Field(description="Of the text; send it with a yes")
    language: str
    text: str
    standing: Standing
    at: datetime | None = Field(description="When it was last said")
    face: str
    said_version: str


class ConsentIn(Input):
    given: bool
    version: Text = Field("", max_length=24, description="Of the text that was shown; asked for with a yes")
    language: Text = Field("zh-hans", max_length=8, description="In which it was shown")


class ChoiceOut(Schema):
    purpose: str
    channel: str
    wanted: bool
    fixed: bool = Field(description="Cannot be switched off now")


class ChoiceIn(Input):
    """`version` and `language`: of the text that was shown, where switching it on is a consent."""

    wanted: bool
    version: Text = Field("", max_length=24)
    language: Text = Field("zh-hans", max_length=8)


@operation(router, "GET", STORE + "/consents", need="person", answer=list[ConsentOut], refuses=[404])
def list_my_consents(request: Call, slug: Slug, language: str = "zh-hans") -> list[ConsentOut]:
    """What this store tells and asks of my data, word by word, and what I have said."""
    with merchant_scope(store_of(slug).merchant_id):
        return [_consent(state) for state in consents_of(request.auth.id, language[:8])]


@operation(router, "PUT", STORE + "/consents/{purpose}", need="person", answer=ConsentOut, refuses=[404, 409])
def answer_consent(request: Call, slug: Slug, purpose: str, body: ConsentIn) -> ConsentOut:
    """Say yes to the text that was shown, or take it back; both are one call."""
    with merchant_scope(store_of(slug).merchant_id):
        state = say(
            purpose,
            body.given,
            version=body.version,
            language=body.language,
            face="api",
            actor=as_person(request),
        )
        return _consent(state)


@operation(router, "GET", STORE + "/notifications", need="person", answer=list[ChoiceOut], refuses=[404])
def list_my_notifications(request: Call, slug: Slug) -> list[ChoiceOut]:
    """Of what I am told, on which ways."""
    with merchant_scope(store_of(slug).merchant_id):
        return _choices(request.auth.id)


@operation(
    router,
    "PUT",
    STORE + "/notifications/{purpose}/{channel}",
    need="person",
    answer=list[ChoiceOut],
    refuses=[404, 409],
)
def choose_notification(
    request: Call, slug: Slug, purpose: Purpose, channel: Channel, body: ChoiceIn
) -> list[ChoiceOut]:
    """Switch one way of one kind of news on or off."""
    with merchant_scope(store_of(slug).merchant_id):
        choose_notice(
            purpose,
            channel,
            body.wanted,
            version=body.version,
            language=body.language,
            face="api",
            actor=as_person(request),
        )
        return _choices(request.auth.id)


@operation(
    router,
    "GET",
    "/merchants/{merchant_id}/members/{member_id}/consents",
    need="members.read",
    answer=list[ConsentOut],
)
def list_member_consents(request: Call, merchant_id: UUID, member_id: UUID) -> list[ConsentOut]:
    """What a member was told and has said: look here before sending anything that needs a yes."""
    member = Member.objects.filter(pk=member_id).first()
    if member is None:
        raise NotFound()
    return [_consent(state) for state in consents_of(member.person_id)]


def _choices(person_id: UUID) -> list[ChoiceOut]:
    return [
        ChoiceOut(purpose=one.purpose, channel=way, wanted=one.on[way], fixed=way in one.fixed)
        for one in choices_of(person_id)
        for way in CHANNELS
    ]


def _consent(state: ConsentState) -> ConsentOut:
    return ConsentOut(
        purpose=state.purpose,
        notice=state.notice,
        version=state.version,
        language=state.language,
        text=state.text,
        standing=state.standing,
        at=state.at,
        face=state.face,
        said_version=state.said_version,
    )
