"""Acts upon readers, deliveries, jobs, switches and sandboxes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tongdao.faces.kit.joining import joined
from tongdao.faces.operator.acts.base import (
    Act,
    Doing,
    Preview,
    ReasonForm,
    choice,
    line,
    number,
    with_fields,
)
from tongdao.faces.operator.lists.base import names_of
from tongdao.faces.operator.reading.asking import row
from tongdao.faces.operator.reading.sandboxes import command_named, sandbox_named, tell
from tongdao.faces.operator.words import word
from tongdao.foundation.deeds import note_deed
from tongdao.foundation.events.registry import readers
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.switches import set_switch, switches
from tongdao.foundation.tending import cancel_job, replay_reader, retry_intent, retry_job, retry_reader

_LOG = "select count(*) from (select from event where merchant_id = %s limit 1000000) e"


def _at(reader: str, merchant_id: UUID) -> tuple[str, str]:
    """Name of the merchant, address of the reader's page."""
    name = names_of({merchant_id}).get(merchant_id)
    if name is None or reader not in readers():
        raise NotFound()
    return name, reverse("operator:reader", args=[reader])


def _before_reader(reader: str, merchant_id: UUID) -> Preview:
    name, back = _at(reader, merchant_id)
    sentences = [_("The worker tries the event again that it stands still at, at its next look.")]
    title = _("Let %(reader)s try again at %(name)s?") % {"reader": reader, "name": name}
    return Preview(title, sentences, back)


def _retry_reader(doing: Doing) -> str:
    retry_reader(**doing.parts, actor=doing.actor, reason=doing.reason)
    return _("It tries again within a second.")


def _before_replay(reader: str, merchant_id: UUID) -> Preview:
    name, back = _at(reader, merchant_id)
    (events,) = row(_LOG, [merchant_id])
    tables = joined(table._meta.db_table for table in readers()[reader].tables)
    sentences = [
        _("Its tables (%(tables)s) are emptied for this merchant and filled again from the first event.")
        % {"tables": tables},
        _("%(count)s events are read, as a job; until it is done, what is shown of them is not whole.")
        % {"count": f"{events:,}"},
    ]
    title = _("Replay %(reader)s at %(name)s?") % {"reader": reader, "name": name}
    return Preview(title, sentences, back)


def _replay_reader(doing: Doing) -> str:
    job = replay_reader(**doing.parts, actor=doing.actor, reason=doing.reason)
    return _("It is job #%(job)d now.") % {"job": job}


def _before_intent(merchant_id: UUID, intent_id: UUID) -> Preview:
    sentences = [_("The delivery begins anew, with all its tries.")]
    return Preview(_("Try this delivery again?"), sentences, reverse("operator:intent", args=[intent_id]))


def _retry_intent(doing: Doing) -> str:
    retry_intent(**doing.parts, actor=doing.actor, reason=doing.reason)
    return _("It is tried again within a second.")


def _before_job_again(job_id: int) -> Preview:
    sentences = [_("The job runs once more from its beginning; jobs are made so that this does no harm.")]
    return Preview(
        _("Run job #%(job)d again?") % {"job": job_id}, sentences, reverse("operator:job", args=[job_id])
    )


def _retry_job(doing: Doing) -> str:
    retry_job(**doing.parts, actor=doing.actor, reason=doing.reason)
    return _("It runs again.")


def _before_cancelling(job_id: int) -> Preview:
    sentences = [_("A job that has not begun never begins. One that runs is not stopped.")]
    return Preview(
        _("Cancel job #%(job)d?") % {"job": job_id}, sentences, reverse("operator:job", args=[job_id])
    )


def _cancel_job(doing: Doing) -> str:
    cancel_job(**doing.parts, actor=doing.actor, reason=doing.reason)
    return _("Cancelled.")


def _before_switch(name: str) -> Preview:
    switch = switches().get(name)
    if switch is None:
        raise NotFound()
    now = _("It is on now.") if switch.is_on() else _("It is off now.")
    sentences = [switch.meaning, now, _("All processes follow within a second.")]
    return Preview(_("Set the switch %(name)s?") % {"name": name}, sentences, reverse("operator:switches"))


def _switch_form(**_parts: Any) -> type[ReasonForm]:
    return with_fields(
        state=choice(_("From now on"), [("on", pgettext("switch", "on")), ("off", pgettext("switch", "off"))])
    )


def _set_switch(doing: Doing) -> str:
    on = doing.typed["state"] == "on"
    set_switch(doing.parts["name"], on, actor=doing.actor, reason=doing.reason)
    return _("It is on now.") if on else _("It is off now.")


def _before_command(name: str, command: str) -> Preview:
    sandbox = sandbox_named(name)
    label = command_named(sandbox, command).label
    back = reverse("operator:sandbox", args=[name])
    return Preview(f"{word(name)}: {label}", [_("Only the sandbox is told; nothing real happens.")], back)


def _command_form(name: str, command: str) -> type[ReasonForm]:
    found = command_named(sandbox_named(name), command)
    return with_fields(
        **{
            field: number(label, initial) if whole else line(label)
            for field, label, whole, initial in found.fields
        }
    )


def _tell(doing: Doing) -> str:
    """The record first, in a transaction of its own: what happens outside cannot be taken back with it."""
    name, command = doing.parts["name"], doing.parts["command"]
    sandbox = sandbox_named(name)
    with transaction.atomic():
        subject, details = ("sandbox", name), {"command": command}
        note_deed("sandbox.command", subject, actor=doing.actor, reason=doing.reason, details=details)
    found = command_named(sandbox, command)
    tell(sandbox, found, {field: doing.typed[field] for field, *_rest in found.fields})
    return _("Told.")


READER = "readers/<str:reader>/<uuid:merchant_id>"
ACTS = (
    Act("reader_retry", f"{READER}/retry", gettext_lazy("Let it try again"), _before_reader, _retry_reader),
    Act(
        "reader_replay",
        f"{READER}/replay",
        gettext_lazy("Replay"),
        _before_replay,
        _replay_reader,
        danger=True,
    ),
    Act(
        "intent_retry",
        "intents/<uuid:merchant_id>/<uuid:intent_id>/retry",
        gettext_lazy("Let it try again"),
        _before_intent,
        _retry_intent,
    ),
    Act("job_retry", "jobs/<int:job_id>/retry", gettext_lazy("Run again"), _before_job_again, _retry_job),
    Act(
        "job_cancel",
        "jobs/<int:job_id>/cancel",
        gettext_lazy("Cancel it"),
        _before_cancelling,
        _cancel_job,
        danger=True,
    ),
    Act(
        "switch_set",
        "switches/<slug:name>",
        gettext_lazy("Set it"),
        _before_switch,
        _set_switch,
        _switch_form,
    ),
    Act(
        "sandbox_command",
        "sandboxes/<slug:name>/<slug:command>",
        gettext_lazy("Tell it"),
        _before_command,
        _tell,
        _command_form,
    ),
)
