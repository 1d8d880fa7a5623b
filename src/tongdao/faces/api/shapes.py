"""What all bodies are made of: texts that a database can hold, whole fen, pages."""

import re
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from ninja import Field, Header, Schema
from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

T = TypeVar("T")
PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_PLAIN = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*")


def _plain(text: str) -> str:
    if not _PLAIN.fullmatch(text):
        raise PydanticCustomError("control_characters", "control characters or half characters")
    return text


Text = Annotated[str, AfterValidator(_plain), Field(json_schema_extra={"pattern": PLAIN})]
"""A text without control characters (line ends and tabs may be) and without lone surrogates."""

Fen = Annotated[int, Field(strict=True, ge=0, le=2**53 - 1)]
"""Money: whole fen, a hundredth of a yuan."""

Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Units = Annotated[int, Field(strict=True, ge=1, le=999)]
Limit = Annotated[int, Field(ge=1, le=100)]
Offset = Annotated[int, Field(ge=0, le=100_000)]
SayKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_-]*[A-Za-z0-9][A-Za-z0-9_-]*$",
        min_length=8,
        max_length=64,
        description="The same key with the same words and files says it once",
    ),
]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


class Input(BaseModel):
    """A body: what it does not name is refused, so that a misspelt field is noticed.

    No `Schema` of ninja: that reads attributes of whatever object it is given, at three times the cost.
    """

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """A refusal. `code` is stable, `message` in the language of the request; support needs `request_id`."""

    code: str
    message: str
    details: dict[str, Any]
    request_id: UUID | None


class Page(Schema, Generic[T]):
    """A part of a list; `more` says whether something follows."""

    items: list[T]
    more: bool
