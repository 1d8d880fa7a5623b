"""Who runs the shop, with which licences, under which agreements; its own texts; its own colour."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tongdao.crm.reputation.queries import merchant_reputation
from tongdao.faces.kit.reputation_words import figures
from tongdao.faces.kit.shapes import Cell, NavItem
from tongdao.faces.shop.bodies import description
from tongdao.faces.shop.store import Store, shop_page, show
from tongdao.foundation import clock
from tongdao.foundation.clock import beijing_day, today
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.accents import COLOUR, accent_of, readable
from tongdao.party.merchants.models import AgreementKind, AgreementVersion, Licence, StorefrontPage
from tongdao.party.merchants.queries import coming_agreement, company_profile, current_agreement, licences_on

LICENCES = {
    "food_business": gettext_lazy("Food business licence"),
    "medical_device_business": gettext_lazy("Medical device business licence or filing"),
    "drug_business": gettext_lazy("Drug business licence"),
    "publication_business": gettext_lazy("Publication business licence"),
}
THEME = """\
:root {{ --accent: {text}; --accent-fill: {fill}; --accent-deep: {deep}; --accent-soft: {soft}; }}
@media (prefers-color-scheme: dark) {{
  :root:not([data-theme="light"]) {{ --accent: {dark_text}; --accent-soft: {dark_soft}; }}
}}
[data-theme="dark"] {{ --accent: {dark_text}; --accent-soft: {dark_soft}; }}
"""


@require_safe
@shop_page
def about(request: HttpRequest, store: Store) -> HttpResponse:
    with merchant_scope(store.merchant_id):
        standing = merchant_reputation(clock.now())
        licences = licences_on(today()).order_by("kind", "valid_from", "id")
        context = {
            "page_title": _("About this shop"),
            "company": _company(),
            "licences": [_licence(row) for row in licences],
            "figures": figures(standing),
            "hours": standing.answer_within // timedelta(hours=1),
            "least": standing.least,
            "texts": [_text(store, page) for page in _pages(store)],
            "agreements": [_agreement(store, row) for row in _agreements()],
            "back_url": store.url("home"),
        }
    return show(request, store, "about", context)


@require_safe
@shop_page
def text_page(request: HttpRequest, store: Store, text: str) -> HttpResponse:
    with merchant_scope(store.merchant_id):
        row = _pages(store).filter(slug=text).first()
    if row is None:
        raise Http404(text)
    context = {"page_title": row.title, "body": description(row.body_html), "back_url": store.url("about")}
    return show(request, store, "text", context)


@require_safe
@shop_page
def agreement(request: HttpRequest, store: Store, agreement_id: UUID) -> HttpResponse:
    """Any version that was ever published: what somebody agreed to can be read again."""
    with merchant_scope(store.merchant_id):
        row = AgreementVersion.objects.filter(pk=agreement_id).first()
    if row is None:
        raise Http404(agreement_id)
    context = {
        "page_title": row.title,
        "body": description(row.body_html),
        "facts": [
            Cell(row.version, _("Version"), "num"),
            Cell(row.published_at, _("Published"), "time"),
            Cell(row.effective_from, _("In force from"), "time"),
        ],
        "back_url": store.url("about"),
    }
    return show(request, store, "text", context)


@require_safe
def theme(request: HttpRequest, colour: str) -> HttpResponse:
    """The style sheet of a colour: the same for every shop that has it, and for ever."""
    wanted = f"#{colour}"
    if not COLOUR.fullmatch(wanted) or not readable(wanted):
        raise Http404(colour)
    found = accent_of(wanted)
    sheet = THEME.format(**{name: getattr(found, name) for name in found.__slots__})
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(sheet, content_type="text/css; charset=utf-8", headers=headers)


def _company() -> list[Cell]:
    row = company_profile()
    if row is None:
        return []
    return [
        Cell(row.legal_name, _("Company")),
        Cell(row.credit_code, _("Unified social credit code")),
        Cell(row.legal_address, _("Address")),
        Cell(row.service_phone, _("Service phone"), url=f"tel:{_dialled(row.service_phone)}"),
    ]


def _dialled(phone: str) -> str:
    return "".join(each for each in phone if each in "+0123456789")


def _licence(row: Licence) -> Cell:
    until = row.valid_until.isoformat() if row.valid_until else _("no end")
    words = _("%(number)s · %(holder)s · valid until %(until)s")
    said = words % {"number": row.number, "holder": row.holder, "until": until}
    return Cell(said, str(LICENCES.get(row.kind, row.kind)))


def _pages(store: Store) -> QuerySet[StorefrontPage]:
    rows = StorefrontPage.objects.filter(storefront_id=store.storefront_id, published=True)
    return rows.order_by("position", "id")


def _text(store: Store, page: StorefrontPage) -> NavItem:
    return NavItem(store.url("text", text=page.slug), page.title)


def _agreements() -> list[AgreementVersion]:
    """In force, and published for later."""
    found = [each(kind) for kind in AgreementKind for each in (current_agreement, coming_agreement)]
    return [row for row in found if row]


def _agreement(store: Store, row: AgreementVersion) -> NavItem:
    label = row.title
    if row.effective_from > clock.now():
        label = _("%(title)s (from %(day)s)") % {
            "title": row.title,
            "day": beijing_day(row.effective_from).isoformat(),
        }
    return NavItem(store.url("agreement", agreement_id=row.id), label)
