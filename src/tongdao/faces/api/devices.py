"""Where I am signed in, and my password."""

from datetime import datetime
from uuid import UUID

from ninja import Field, Router, Schema

from tongdao.faces.api.access import Call
from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Input, Text
from tongdao.party.people.operations import issue_token, revoke_tokens
from tongdao.party.people.passwords import change_password
from tongdao.party.people.sessions import devices_of, end_devices

router = Router(tags=["people"])


class DeviceOut(Schema):
    device_id: str
    name: str = Field(description="Browser and system, or nothing")
    seen_at: datetime


class PasswordIn(Input):
    old: Text = Field(max_length=128)
    new: Text = Field(max_length=128)


class NewTokenOut(Schema):
    """The token is shown this once."""

    person_id: UUID
    token: str


@operation(router, "GET", "/me/devices", need="person", answer=list[DeviceOut])
def list_my_devices(request: Call) -> list[DeviceOut]:
    """The browsers in which I am signed in, the last seen first."""
    return [
        DeviceOut(device_id=one.id, name=one.name, seen_at=one.seen_at) for one in devices_of(request.auth.id)
    ]


@operation(router, "DELETE", "/me/devices", need="person", answer=None, status=204)
def sign_out_everywhere(request: Call) -> None:
    """Sign out in every browser and end every token, this one too."""
    end_devices(request.auth.id)
    revoke_tokens(request.auth.id)


@operation(router, "PUT", "/me/password", need="person", answer=NewTokenOut, refuses=[429])
def change_my_password(request: Call, body: PasswordIn) -> NewTokenOut:
    """Change my password: every browser and every token is signed out, and this is the new one."""
    person = change_password(request.auth.id, old=body.old, new=body.new)
    return NewTokenOut(person_id=person.id, token=issue_token(person))
