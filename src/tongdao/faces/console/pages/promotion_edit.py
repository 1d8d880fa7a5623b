"""Making, changing and stopping a promotion: first it is said what will happen, then it happens.

A preview is the operation itself, rolled back: what it would refuse is refused in the preview already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from tongdao.faces.console.desk import Desk
from tongdao.faces.console.effects import effects_of, refused_price
from tongdao.faces.console.forms.promotions import FORMS, PromotionForm, as_typed
from tongdao.faces.console.notices import FormWrong
from tongdao.faces.console.promotion_words import RULES, changed_rules, kind_name
from tongdao.faces.console.reading.promotions import goods_of, groups_of
from tongdao.faces.console.tables import address
from tongdao.faces.console.typed import text
from tongdao.faces.console.words import PROMOTION_KINDS as KINDS
from tongdao.faces.kit.shapes import NavItem
from tongdao.foundation import clock
from tongdao.goods.catalog.objecting import price_objections
from tongdao.goods.editing.queries import PlannedPrice, planned_prices
from tongdao.terms.promotions.models import Kind, Promotion
from tongdao.terms.promotions.operations import (
    change_promotion,
    create_coupon,
    create_flash_sale,
    create_gift,
    create_group_buy,
    stop_promotion,
)
from tongdao.terms.promotions.operations.changing import CHANGEABLE
from tongdao.terms.promotions.queries import PromotionRow, promotion_record
from tongdao.terms.promotions.refusals import (
    CodeTaken,
    PriceNotBelowBase,
    PromotionInvalid,
    QuotaBelowUsed,
)

CREATE: dict[str, Callable[..., Promotion]] = {
    Kind.COUPON: create_coupon,
    Kind.FLASH: create_flash_sale,
    Kind.GROUP_BUY: create_group_buy,
    Kind.GIFT: create_gift,
}
AT_FIELDS = (PromotionInvalid, PriceNotBelowBase, CodeTaken, QuotaBelowUsed)
SAVE, EDIT = "save", "edit"  # what a button asks for; any other: what would happen


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being made or changed, and what its pages say of it."""

    title: str
    done: str
    save: str
    crumbs: tuple[NavItem, ...]
    action: str
    back: str


def new(desk: Desk) -> HttpResponse:
    """The form of the kind asked for; without one, what there is to choose from."""
    kind = text(desk.request.GET, "kind", 12)
    if kind not in FORMS:
        return _choose(desk)
    return _form_page(desk, _new_draft(desk, kind), desk.blank(FORMS[kind]))


def create(desk: Desk) -> HttpResponse:
    kind = text(desk.request.GET, "kind", 12)
    if kind not in FORMS:
        return _choose(desk)
    form, draft = FORMS[kind](desk.request.POST), _new_draft(desk, kind)
    return _act(desk, draft, form, lambda: CREATE[kind](**form.rules(), actor=desk.actor))


def _choose(desk: Desk) -> HttpResponse:
    base = desk.url("promotion_new")
    kinds = [
        (str(name), str(means), icon, address(base, {"kind": kind}))
        for kind, (name, means, icon) in KINDS.items()
    ]
    crumbs = [desk.crumb(_("Promotions"), "promotions"), desk.crumb(_("New promotion"))]
    return desk.show("promotion_choose", _("New promotion"), {"crumbs": crumbs, "kinds": kinds})


def _new_draft(desk: Desk, kind: str) -> Draft:
    base = desk.url("promotion_new")
    return Draft(
        title=_("New: %(kind)s") % {"kind": kind_name(kind)},
        done=_("It is there. Buyers see it from its start on."),
        save=_("Create it"),
        crumbs=(
            desk.crumb(_("Promotions"), "promotions"),
            desk.crumb(_("New promotion"), "promotion_new"),
            desk.crumb(kind_name(kind)),
        ),
        action=address(base, {"kind": kind}),
        back=base,
    )


def change(desk: Desk, promotion_id: UUID) -> HttpResponse:
    row = promotion_record(promotion_id, clock.now())
    form = desk.form if isinstance(desk.form, FORMS[row.kind]) else _changing(row, None)
    return _form_page(desk, _changed_draft(desk, row), form)


def save(desk: Desk, promotion_id: UUID) -> HttpResponse:
    row = promotion_record(promotion_id, clock.now())
    form, draft = _changing(row, desk.request.POST), _changed_draft(desk, row)
    return _act(
        desk,
        draft,
        form,
        lambda: change_promotion(promotion_id, **form.rules(), actor=desk.actor),
        before=row,
    )


def _changing(row: PromotionRow, typed: QueryDict | None) -> PromotionForm:
    """Only what can still be changed."""
    return FORMS[row.kind](typed, initial=as_typed(row), only=CHANGEABLE[row.kind])


def _changed_draft(desk: Desk, row: PromotionRow) -> Draft:
    here = desk.url("promotion_change", promotion_id=row.id)
    return Draft(
        title=_("Change %(title)s") % {"title": row.title},
        done=_("Changed. Orders placed before keep what they were placed with."),
        save=_("Change it"),
        crumbs=(
            desk.crumb(_("Promotions"), "promotions"),
            desk.crumb(row.title, "promotion", promotion_id=row.id),
            desk.crumb(_("Change")),
        ),
        action=here,
        back=desk.url("promotion", promotion_id=row.id),
    )


def _act(
    desk: Desk,
    draft: Draft,
    form: PromotionForm,
    act: Callable[[], Promotion],
    before: PromotionRow | None = None,
) -> HttpResponse:
    asked = text(desk.request.POST, "step", 8)
    if asked == EDIT:
        return _form_page(desk, draft, form)
    desk.read(form)
    try:
        if asked == SAVE:
            return desk.done(draft.done, "promotion", promotion_id=act().id)
        shown, refused = _tried(act)
    except AT_FIELDS as refusal:
        form.blame(refusal)
        raise FormWrong(form) from refusal
    return _preview(desk, draft, form, shown, before, refused)


def _tried(act: Callable[[], Promotion]) -> tuple[PromotionRow, list[PlannedPrice]]:
    """How it would be, and the planned prices that would then be refused when their moment comes."""
    with transaction.atomic():
        shown = promotion_record(act().id, clock.now())
        refused = _stood_against(shown.sku_id) if shown.sku_id else []
        transaction.set_rollback(True)
    return shown, refused


def _stood_against(sku_id: UUID) -> list[PlannedPrice]:
    return [each for each in planned_prices(sku_id) if price_objections({sku_id: each.price_fen}, each.at)]


def _form_page(desk: Desk, draft: Draft, form: PromotionForm) -> HttpResponse:
    context = {"draft": draft, "crumbs": draft.crumbs, "form": form}
    return desk.show("promotion_form", draft.title, context)


def _preview(
    desk: Desk,
    draft: Draft,
    form: PromotionForm,
    shown: PromotionRow,
    before: PromotionRow | None,
    refused: Sequence[PlannedPrice],
) -> HttpResponse:
    goods = goods_of(shown, clock.now())
    context = {
        "draft": draft,
        "crumbs": draft.crumbs,
        "effects": effects_of(shown, goods),
        "refused": [refused_price(goods.name, each.price_fen, each.at) for each in refused],
        "changes": changed_rules(_rules(before), _rules(shown)) if before else [],
        "changing": before is not None,
        "used": before.used if before else 0,
        "typed": form.typed(),
    }
    return desk.show("promotion_preview", draft.title, context)


def _rules(row: PromotionRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in RULES}


def confirm_stop(desk: Desk, promotion_id: UUID) -> HttpResponse:
    row = promotion_record(promotion_id, clock.now())
    title = _("Stop %(title)s") % {"title": row.title}
    context = {
        "crumbs": [
            desk.crumb(_("Promotions"), "promotions"),
            desk.crumb(row.title, "promotion", promotion_id=row.id),
            desk.crumb(_("Stop")),
        ],
        "row": row,
        "over": row.phase in ("stopped", "ended"),
        "groups": groups_of(row.id) if row.kind == Kind.GROUP_BUY else None,
        "back": desk.url("promotion", promotion_id=row.id),
    }
    return desk.show("promotion_stop", title, context)


def stop(desk: Desk, promotion_id: UUID) -> HttpResponse:
    stop_promotion(promotion_id, actor=desk.actor)
    done = _("Stopped. Orders that have it go on; new ones pay the public price.")
    return desk.done(done, "promotion", promotion_id=promotion_id)
