"""Refusals: an operation that will not act raises one; the class docstring is its message.

The same refusal has one stable `code` in every face. `details` carries what a program needs to go on
(JSON values only, no personal data).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext

REGISTRY: dict[str, type[Refusal]] = {}


class Refusal(Exception):
    """This cannot be done."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init_subclass__(cls) -> None:
        if not cls.__doc__:
            raise TypeError(f"{cls.__name__} has no docstring, which is its message")
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        if REGISTRY.setdefault(cls.code, cls) is not cls:
            raise TypeError(f"two refusals share the code {cls.code}")

    def __init__(self, object: Any = None, /, **details: Any) -> None:
        super().__init__()
        self.object = object
        self.details: Mapping[str, Any] = details

    @property
    def message(self) -> str:
        """The message in the language of the request, with `details` filled in."""
        text = gettext(" ".join((self.__doc__ or "").split()))
        return text % self.details if self.details and "%(" in text else text

    def __str__(self) -> str:
        return self.message


class NotFound(Refusal):
    """This does not exist, or it is not yours to see."""

    status = 404


class NotAllowed(Refusal):
    """Your role does not allow this."""

    status = 403


class BadInput(Refusal):
    """Something in the request is not right."""

    status = 422
