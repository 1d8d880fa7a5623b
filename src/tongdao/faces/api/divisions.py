"""The divisions of China, from which an address is chosen."""

from django.http import HttpRequest
from ninja import Field, Router, Schema

from tongdao.faces.api.operation import operation
from tongdao.faces.api.shapes import Text
from tongdao.foundation.refusals import NotFound
from tongdao.rulebook import divisions

router = Router(tags=["addresses"])


class DivisionOut(Schema):
    code: str
    name: str
    level: str
    leaf: bool = Field(description="An address may end here")


class DivisionsOut(Schema):
    version: str
    divisions: list[DivisionOut]


@operation(router, "GET", "/divisions", need="nobody", answer=DivisionsOut, refuses=[404])
def list_divisions(request: HttpRequest, parent: Text | None = None) -> DivisionsOut:
    """What lies directly beneath a division; the provinces without `parent`."""
    try:
        found = divisions.children(parent)
    except divisions.UnknownDivision as error:
        raise NotFound() from error
    return DivisionsOut(
        version=divisions.VERSION,
        divisions=[
            DivisionOut(code=each.code, name=each.name, level=each.level, leaf=divisions.is_leaf(each.code))
            for each in found
        ],
    )
