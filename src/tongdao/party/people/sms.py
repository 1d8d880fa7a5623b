"""The port for text messages, and the sandbox that sends none.

A provider is a class with `send_code`; which one is used says the setting TONGDAO_SMS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tongdao.foundation.switches import declare
from tongdao.foundation.tenancy import assert_outside_scope
from tongdao.party.people.refusals import SmsUnavailable

CODES = declare("sms_codes", _("Codes are sent by text message. Off: people sign in with passwords only."))


@dataclass(frozen=True, slots=True)
class Sent:
    """`shown`: the code itself, of a sandbox that shows it instead of sending it; else nothing."""

    shown: str = ""


class SmsGateway(Protocol):
    """Sends messages to mainland mobile numbers (11 digits)."""

    def send_code(self, phone: str, code: str, minutes: int) -> Sent:
        """Hand the code over to the carrier, to be read within `minutes`. Raises SmsUnavailable."""


class SandboxSms:
    """Shows the code to whoever asked for it: with it, anybody is let in as anybody. For trying out only."""

    def send_code(self, phone: str, code: str, minutes: int) -> Sent:
        assert_outside_scope()
        return Sent(code)


class NoSms:
    """No provider is set up."""

    def send_code(self, phone: str, code: str, minutes: int) -> Sent:
        raise SmsUnavailable()


GATEWAYS: dict[str, type[SmsGateway]] = {"": NoSms, "sandbox": SandboxSms}


def sms_gateway() -> SmsGateway:
    return GATEWAYS[settings.ENV.sms if CODES.is_on() else ""]()


def sms_ready() -> bool:
    """Whether codes can be sent at all, so that a page offers it."""
    return bool(settings.ENV.sms) and CODES.is_on()
