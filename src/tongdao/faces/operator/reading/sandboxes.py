"""The sandboxes that run beside the house: whether each answers, what it has done, what it can be told.

Only those that this installation started itself: their control token lies in our data directory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongdao.foundation.refusals import BadInput, NotFound, Refusal
from tongdao.foundation.tenancy import assert_outside_scope

PATIENCE = 3.0  # seconds
LATEST = 20  # rows shown


class SandboxAway(Refusal):
    """The sandbox does not answer. Nothing was done; see whether it runs."""

    status = 503


class SandboxRefused(BadInput):
    """The sandbox cannot do this with what was entered. Nothing was done."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a sandbox can be told. `fields`: name, label, whether it is a number, a default."""

    name: str
    label: Any
    path: str
    fields: Sequence[tuple[str, Any, bool, str]] = ()


@dataclass(frozen=True, slots=True)
class Sandbox:
    """`url` tells its address; `looks` are its lists: label, path, columns (none: names and values)."""

    name: str
    url: Callable[[], str]
    looks: Sequence[tuple[Any, str, Sequence[str]]]
    commands: Sequence[Command]

    @property
    def token_file(self) -> Path:
        return Path(settings.TONGDAO_DATA) / "sandboxes" / self.name / "control.token"

    @property
    def runs(self) -> bool:
        """Whether this installation has one at all."""
        return bool(settings.ENV.sandboxes and self.url() and self.token_file.exists())


def _setting(name: str) -> Callable[[], str]:
    return lambda: getattr(settings.ENV, name, "")


NUMBER = ("number", _("Waybill number"), False, "")
SANDBOXES: tuple[Sandbox, ...] = (
    Sandbox(
        "wechatpay",
        _setting("wechatpay_url"),
        looks=(
            (_("Orders"), "/_control/orders", ("out_trade_no", "state", "total")),
            (
                pgettext_lazy("sandbox", "Notifications"),
                "/_control/notifications",
                ("id", "kind", "state", "attempts"),
            ),
        ),
        commands=(
            Command("flush", _("Send all that is open now"), "/_control/flush"),
            Command(
                "resend",
                _("Send a notification again"),
                "/_control/resend",
                (("id", _("Id of the notification"), False, ""),),
            ),
            Command(
                "pay",
                _("Pay an order"),
                "/_control/pay",
                (("out_trade_no", _("Number of the payment"), False, ""),),
            ),
        ),
    ),
    Sandbox(
        "carrier",
        _setting("carrier_url"),
        looks=(
            (_("Parcels"), "/control/parcels", ("number", "company", "phase", "position", "steps")),
            (_("Pushes"), "/control/pushes", ("id", "number", "status", "attempts", "reply")),
        ),
        commands=(
            Command("advance", _("Move parcels on"), "/control/advance", (("steps", _("Scans"), True, "1"),)),
            Command("problem", _("Let a delivery fail"), "/control/problem", (NUMBER,)),
            Command("return", _("Send a parcel back"), "/control/return", (NUMBER,)),
            Command("flush", _("Send all pushes now"), "/control/flush"),
        ),
    ),
    Sandbox(
        "wechat",
        _setting("wechat_url"),
        looks=((_("Calls"), "/_control/calls", ()),),
        commands=(
            Command(
                "clock",
                _("Move its clock"),
                "/_control/clock",
                (("seconds", _("Seconds from now"), True, "7200"),),
            ),
        ),
    ),
)


def sandbox_named(name: str) -> Sandbox:
    """Raises NotFound where it does not run here."""
    found = next((one for one in SANDBOXES if one.name == name and one.runs), None)
    if found is None:
        raise NotFound()
    return found


def command_named(sandbox: Sandbox, name: str) -> Command:
    found = next((one for one in sandbox.commands if one.name == name), None)
    if found is None:
        raise NotFound()
    return found


def tell(sandbox: Sandbox, command: Command, values: Mapping[str, Any]) -> Any:
    """What it answers. Raises SandboxAway or SandboxRefused."""
    answer = _call(sandbox, "POST", command.path, dict(values))
    if answer.status_code >= 500:
        raise SandboxAway()
    if answer.status_code >= 400:
        raise SandboxRefused()
    return answer.json()


def look(sandbox: Sandbox) -> list[tuple[str, Sequence[str], list[list[Any]]]]:
    """Each of its lists with the latest rows: title, columns, cells. Raises SandboxAway."""
    return [_looked(sandbox, str(title), path, columns) for title, path, columns in sandbox.looks]


def _looked(
    sandbox: Sandbox, title: str, path: str, columns: Sequence[str]
) -> tuple[str, Sequence[str], list[list[Any]]]:
    answer = _call(sandbox, "GET", path, None)
    if answer.status_code != 200:
        raise SandboxAway()
    told = answer.json()
    found = next((part for part in told.values() if isinstance(part, list)), told) if _whole(told) else told
    if isinstance(found, dict):
        return title, ("name", "value"), [[name, value] for name, value in found.items()]
    return title, columns, [[row.get(name, "") for name in columns] for row in found[-LATEST:][::-1]]


def _whole(told: Any) -> bool:
    return isinstance(told, dict)


def _call(sandbox: Sandbox, verb: str, path: str, body: Any) -> httpx.Response:
    assert_outside_scope()
    token = sandbox.token_file.read_text(encoding="utf-8").strip()
    headers = {"Authorization": f"Bearer {token}"}
    try:
        with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
            return client.request(verb, sandbox.url() + path, json=body, headers=headers)
    except httpx.HTTPError as error:
        raise SandboxAway() from error
