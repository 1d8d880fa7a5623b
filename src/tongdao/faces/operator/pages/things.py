"""The pages of a job, a delivery and a review."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from tongdao.faces.operator.frame import show
from tongdao.faces.operator.lists.base import names_of
from tongdao.faces.operator.pages.merchant import moment
from tongdao.faces.operator.pages.parts import Fact, Grid, Record, act_way
from tongdao.faces.operator.reading.asking import on_platform
from tongdao.faces.operator.reading.jobs import is_stalled
from tongdao.faces.operator.words import word
from tongdao.foundation.models import Intent
from tongdao.foundation.refusals import NotFound
from tongdao.trade.reviews.models import Review


def _found(model: type[Any], id: object, *related: str) -> Any:
    rows = on_platform(model).filter(pk=id)
    row = rows.select_related(*related).first() if related else rows.first()
    if row is None:
        raise NotFound()
    return row


def _of(merchant_id: UUID) -> Fact:
    name = names_of({merchant_id}).get(merchant_id, str(merchant_id))
    return Fact(_("Merchant"), name, url=reverse("operator:merchant", args=[merchant_id]))


def job(request: HttpRequest, job_id: int) -> HttpResponse:
    row = _found(ProcrastinateJob, job_id, "worker")
    status = "stalled" if is_stalled(row) else row.status
    told = on_platform(ProcrastinateEvent).filter(job_id=row.pk).order_by("id")
    facts = [
        Fact(_("State"), word(status), "danger" if status in ("failed", "stalled") else "info"),
        Fact(_("Tries"), row.attempts),
        Fact(_("Queue"), row.queue_name, note=row.lock or ""),
        Fact(_("Not before"), moment(row.scheduled_at)),
    ]
    ways = []
    if row.status == "failed":
        ways.append(act_way("job_retry", _("Run it again"), row.pk, icon="replay"))
    if row.status == "todo":
        ways.append(act_way("job_cancel", _("Cancel it"), row.pk, icon="block", danger=True))
    story = Grid(_("Its story"), (_("When"), _("Event")), [[moment(one.at), word(one.type)] for one in told])
    texts = [(_("Arguments"), json.dumps(row.args, indent=1, ensure_ascii=False))]
    record = Record(f"{row.task_name} #{row.pk}", facts, [story], ways, texts=texts)
    return show(request, "record", record.title, {"record": record})


def intent(request: HttpRequest, intent_id: UUID) -> HttpResponse:
    row = _found(Intent, intent_id)
    facts = [
        Fact(_("State"), word(row.state), "danger" if row.state == "failed" else "info"),
        _of(row.merchant_id),
        Fact(_("Caused by"), row.reactor, note=str(row.event_id)),
        Fact(_("Target"), row.target),
        Fact(_("Tries"), row.attempts, note=moment(row.next_at)),
    ]
    ways = []
    if row.state == "failed":
        ways.append(act_way("intent_retry", _("Let it try again"), row.merchant_id, row.pk, icon="replay"))
    texts = [(_("Last error"), row.last_error or "—")]
    texts.append((_("Arguments"), json.dumps(row.payload, indent=1, ensure_ascii=False)))
    record = Record(row.kind, facts, (), ways, texts=texts)
    return show(request, "record", record.title, {"record": record})


def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    row = _found(Review, review_id)
    facts = [
        Fact(_("State"), word(row.state), "success" if row.state == "shown" else "warning"),
        Fact(_("Stars"), "★" * row.stars),
        _of(row.merchant_id),
        Fact(
            _("Written by"),
            f"…{str(row.person_id)[-8:]}",
            note=moment(row.written_at),
            url=reverse("operator:person", args=[row.person_id]),
        ),
        Fact(_("Pictures"), row.pictures + row.follow_up_pictures),
    ]
    if row.state == "taken_down":
        facts.append(
            Fact(_("Taken down because"), word(row.taken_down_reason), note=moment(row.taken_down_at))
        )
    said = ((_("Review"), row.text), (_("The shop's answer"), row.answer))
    later = ((_("Later"), row.follow_up), (_("The shop's answer to it"), row.follow_up_answer))
    ways = []
    if row.state != "taken_down":
        ways.append(
            act_way("review_take_down", _("Take it down"), row.merchant_id, row.pk, icon="gavel", danger=True)
        )
    texts = [(label, text) for label, text in (*said, *later) if text]
    record = Record(_("Review …%(end)s") % {"end": str(row.pk)[-8:]}, facts, (), ways, texts=texts)
    return show(request, "record", record.title, {"record": record})
