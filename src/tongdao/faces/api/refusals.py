"""What the API itself refuses, before any operation is asked."""

from __future__ import annotations

from tongdao.foundation.refusals import BadInput, Refusal


class SignInNeeded(Refusal):
    """Send an access token: `Authorization: Bearer …`."""

    status = 401


class MalformedRequest(Refusal):
    """The request cannot be read. A JSON body in UTF-8 is expected."""

    status = 400


class MethodNotAllowed(Refusal):
    """This address does not know this method."""

    status = 405


class RequestTooLarge(Refusal):
    """The request is larger than this address takes."""

    status = 413


class Busy(Refusal):
    """Too much is going on right now. Nothing was done; try again in a moment."""

    status = 503


class InternalError(Refusal):
    """Something went wrong on our side. Support can find it by the request id."""

    status = 500


class NotClosable(Refusal):
    """This purchase is paid already, so it cannot be given up. Cancel the order instead."""


class BadCursor(BadInput):
    """This cursor is not one that this list gave out."""
