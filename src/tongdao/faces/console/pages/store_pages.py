"""The shop's texts: about, shipping and what else it has to say."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.forms.company import PageForm
from tongdao.faces.console.reading.shop import first_storefront
from tongdao.faces.kit.shapes import Action, Cell, Column, Row, Tone
from tongdao.foundation.refusals import NotFound
from tongdao.party.merchants.models import StorefrontPage
from tongdao.party.merchants.operations import add_page, edit_page, remove_page
from tongdao.party.merchants.operations.pages import PageDraft


def show(desk: Desk) -> HttpResponse:
    pages = list(StorefrontPage.objects.order_by("position", "id"))
    context = {
        "crumbs": [desk.crumb(_("Settings"), "settings"), desk.crumb(_("Shop pages"))],
        "columns": [Column(_("Title")), Column(_("Path")), Column(_("Shown")), Column(_("Changed"))],
        "rows": [_row(desk, page) for page in pages],
        "count": len(pages),
        "actions": [Action(_("New page"), desk.url("page_new"), kind="primary", icon="plus")],
        "empty_title": _("No pages yet"),
        "empty_text": _("Say who you are and how you ship: buyers find it at the foot of your shop."),
        "empty_icon": "leaf",
    }
    return desk.show("list_page", _("Shop pages"), context)


def _row(desk: Desk, page: StorefrontPage) -> Row:
    words, tone = _shown(page)
    cells = [
        Cell(page.title, url=desk.url("page", page_id=page.id)),
        Cell(page.slug, _("Path"), "muted"),
        Cell(words, _("Shown"), "tag", tone=tone),
        Cell(page.updated_at, _("Changed"), "time"),
    ]
    return Row(cells, label=page.title)


def _shown(page: StorefrontPage) -> tuple[str, Tone]:
    return (_("In the shop"), "success") if page.published else (_("Hidden"), "")


def new(desk: Desk) -> HttpResponse:
    form = desk.blank(PageForm, initial={"published": True})
    return desk.show(
        "paper_form",
        _("New page"),
        {"crumbs": _crumbs(desk, _("New page")), "form": form, "button": _("Save")},
    )


def create(desk: Desk) -> HttpResponse:
    draft = _draft(desk)
    storefront = first_storefront()
    if storefront is None:
        raise NotFound()
    page = add_page(storefront.id, draft, actor=desk.actor)
    return desk.done(_("%(title)s is saved.") % {"title": page.title}, "pages")


def one(desk: Desk, page_id: UUID) -> HttpResponse:
    page = _page(page_id)
    initial = {name: getattr(page, name) for name in PageForm.base_fields}
    context = {
        "crumbs": _crumbs(desk, page.title),
        "form": desk.blank(PageForm, initial=initial),
        "button": _("Save"),
        "remove_url": desk.url("page_remove", page_id=page.id),
        "remove_label": _("Remove …"),
    }
    return desk.show("paper_form", page.title, context)


def change(desk: Desk, page_id: UUID) -> HttpResponse:
    page = edit_page(page_id, _draft(desk), actor=desk.actor)
    return desk.done(_("%(title)s is saved.") % {"title": page.title}, "pages")


def confirm(desk: Desk, page_id: UUID) -> HttpResponse:
    page = _page(page_id)
    context = {
        "crumbs": _crumbs(desk, page.title),
        "effects": [
            _("Buyers who open its address are told that there is no such page."),
            _("What it said stays among the changes."),
        ],
        "button": _("Remove"),
        "back": desk.url("page", page_id=page.id),
    }
    return desk.show("confirm", _("Remove %(name)s") % {"name": page.title}, context)


def remove(desk: Desk, page_id: UUID) -> HttpResponse:
    remove_page(page_id, actor=desk.actor)
    return desk.done(_("The page is gone."), "pages")


def _draft(desk: Desk) -> PageDraft:
    return PageDraft(**desk.read(PageForm(desk.request.POST)).cleaned_data)


def _page(page_id: UUID) -> StorefrontPage:
    page = StorefrontPage.objects.filter(pk=page_id).first()
    if page is None:
        raise NotFound()
    return page


def _crumbs(desk: Desk, last: str) -> list[object]:
    return [desk.crumb(_("Settings"), "settings"), desk.crumb(_("Shop pages"), "pages"), desk.crumb(last)]
