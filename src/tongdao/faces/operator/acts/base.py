"""An act, its form, and the one view that carries all of them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from tongdao.faces.operator.frame import show
from tongdao.faces.operator.sessions import operator_of
from tongdao.foundation.actors import Actor
from tongdao.foundation.deeds import LONGEST, SHORTEST
from tongdao.foundation.refusals import NotAllowed, NotFound, Refusal


class ReasonForm(forms.Form):
    """Every act has it: why."""

    reason = forms.CharField(
        label=_("Why"),
        min_length=SHORTEST,
        max_length=LONGEST,
        help_text=_("Stays on record under your name."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """What is about to happen: the question, sentences in the order of their weight, where "no" leads."""

    title: Any
    sentences: Sequence[Any]
    back: str


@dataclass(frozen=True, slots=True)
class Doing:
    """What an operation is told: who, what was typed, the parts of the address."""

    actor: Actor
    typed: dict[str, Any]
    parts: dict[str, Any]
    request: HttpRequest

    @property
    def reason(self) -> str:
        return str(self.typed["reason"])


@dataclass(frozen=True, slots=True)
class Act:
    """`operate` does it by an operation; what it returns is said, or shown where it is a page."""

    name: str
    path: str
    yes: Any
    preview: Callable[..., Preview]
    operate: Callable[[Doing], str | HttpResponse]
    form: Callable[..., type[ReasonForm]] = lambda **parts: ReasonForm
    danger: bool = False


def view_of(act: Act) -> Callable[..., HttpResponse]:
    """GET says what will happen, POST does it; a refusal is said beside what was typed."""

    def handle(request: HttpRequest, **parts: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        preview = act.preview(**parts)
        form = act.form(**parts)(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return _ask(request, act, preview, form, 422 if form.is_bound else 200)
        try:
            told = act.operate(_doing(request, form, parts))
        except NotFound:
            raise
        except Refusal as refusal:
            return _ask(request, act, preview, form, refusal.status, refusal.message)
        if isinstance(told, HttpResponse):
            return told
        messages.success(request, told)
        return redirect(preview.back)

    return handle


def _doing(request: HttpRequest, form: forms.Form, parts: dict[str, Any]) -> Doing:
    here = operator_of(request)
    if here is None or not here.may_act:
        raise NotAllowed()
    return Doing(here.actor, form.cleaned_data, parts, request)


def _ask(
    request: HttpRequest, act: Act, preview: Preview, form: forms.Form, status: int, refused: str = ""
) -> HttpResponse:
    context = {"act": act, "preview": preview, "form": form, "refused": refused}
    return show(request, "act", preview.title, context, status=status)


def with_fields(**fields: forms.Field) -> type[ReasonForm]:
    """A reason and these, which come first."""
    kind: type[ReasonForm] = type("ActForm", (ReasonForm,), dict(fields))
    kind.base_fields = {**{name: kind.base_fields[name] for name in fields}, **kind.base_fields}
    return kind


def choice(label: Any, options: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "—"), *options], widget=UnfoldAdminSelectWidget())


def number(label: Any, initial: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, initial=initial, min_value=1, max_value=10**7, widget=UnfoldAdminIntegerFieldWidget()
    )


def line(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=80, widget=UnfoldAdminTextInputWidget())
