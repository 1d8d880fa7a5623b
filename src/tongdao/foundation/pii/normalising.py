"""One spelling per phone number and mail address, so that a blind index finds it again."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_SPACING = re.compile(r"[\s\-.()·]+")
_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9][0-9]{9})")


class BadPhone(ValueError):
    """The text is no mobile number of mainland China. The number is not in the message."""


class BadEmail(ValueError):
    """The text is no mail address. The address is not in the message."""


def normalise_phone(text: str) -> str:
    """Eleven ASCII digits of a mainland mobile number; spacing, full-width digits and +86 are understood."""
    found = _MOBILE.fullmatch(_SPACING.sub("", unicodedata.normalize("NFKC", text[:64])))
    if found is None:
        raise BadPhone("not a mobile number of mainland China")
    return found.group(1)


def normalise_email(text: str) -> str:
    """A mail address in lower case (no provider tells the cases apart), full-width characters folded."""
    address = unicodedata.normalize("NFKC", text[:512]).strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise BadEmail("not a mail address") from None
    return address
