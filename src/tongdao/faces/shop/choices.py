"""What the checkout's form says of offers: coupons, typed codes, a group."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import QueryDict

from tongdao.faces.shop.typed import identifier, text
from tongdao.foundation.refusals import Refusal
from tongdao.terms.promotions.pricing import Choice, Told

MOST_COUPONS, MOST_CODES = 20, 5
CODE = 20  # characters
NEW_GROUP = "new"
OWN = "own"  # the buyer ticked the coupons; otherwise the best ones are taken


def read_choice(data: QueryDict) -> Choice:
    """As the form has it now, without what was just typed into the field for a code."""
    coupons = None
    if text(data, "coupons", 8) == OWN:
        found = (identifier(value) for value in data.getlist("coupon")[:MOST_COUPONS])
        coupons = tuple(dict.fromkeys(id for id in found if id))
    codes = (text({"code": value}, "code", CODE).upper() for value in data.getlist("applied")[:MOST_CODES])
    group = read_group(data)
    return Choice(
        coupons,
        tuple(dict.fromkeys(code for code in codes if code)),
        None if group == NEW_GROUP else identifier(group) if group else None,
        open_group=group == NEW_GROUP,
    )


def read_group(data: QueryDict) -> str:
    """`new`, the id of a group, or nothing."""
    asked = text(data, "group", 40)
    return asked if asked == NEW_GROUP or identifier(asked) else ""


def group_text(choice: Choice) -> str:
    """The other way round."""
    return NEW_GROUP if choice.open_group else str(choice.group or "")


def turn(choice: Choice, data: QueryDict) -> Choice:
    """The choice after the button pressed: a code typed or dropped, coupons ticked, the best again."""
    step, typed, dropped = data.get("step", ""), text(data, "code", CODE).upper(), text(data, "drop", CODE)
    if step == "coupons":
        choice = replace(choice, coupons=_ticked(data))
    if step == "best":
        choice = replace(choice, coupons=None)
    if step == "alone":
        choice = replace(choice, group=None, open_group=False)
    codes = [code for code in choice.codes if code != dropped]
    if typed and typed not in codes:
        codes = [*codes[: MOST_CODES - 1], typed]
    return replace(choice, codes=tuple(codes))


def _ticked(data: QueryDict) -> tuple[UUID, ...]:
    """Those that were not used before come first: where two do not combine, the new one is meant."""
    had = {identifier(value) for value in data.getlist("had")}
    found = (identifier(value) for value in data.getlist("coupon")[:MOST_COUPONS])
    return tuple(sorted(dict.fromkeys(id for id in found if id), key=lambda id: id in had))


def without(choice: Choice, rejected: tuple[Told, ...]) -> Choice:
    """The choice without what was asked for and does not hold, so that the rest can be priced."""
    names = {told.asked for told in rejected} - _winner(choice, rejected)
    gone = any(_hopeless(told.refusal) for told in rejected if told.asked not in choice.codes)
    if gone or "group" in names or str(choice.group) in names:
        choice = replace(choice, group=None, open_group=False)
    if alone := _winner(choice, rejected):  # then nothing else goes with it
        names |= {*choice.codes, *map(str, choice.coupons or ())} - alone
    coupons = None if choice.coupons is None else tuple(_kept(choice.coupons, names))
    return replace(choice, coupons=coupons, codes=tuple(code for code in choice.codes if code not in names))


def holds(choice: Choice, asked: str) -> bool:
    """Whether a coupon or code is still in it."""
    return asked in choice.codes or asked in map(str, choice.coupons or ())


def _winner(choice: Choice, rejected: tuple[Told, ...]) -> set[str]:
    """The one that stays of those that do not combine: the code typed last, or the coupon ticked last."""
    clash = {told.asked for told in rejected if told.code == "coupons_do_not_combine"}
    asked = [*reversed(choice.codes), *map(str, choice.coupons or ())]
    return set(asked[:1]) & clash


def _kept(ids: tuple[UUID, ...], names: set[str]) -> list[UUID]:
    return [id for id in ids if str(id) not in names]


def _hopeless(refusal: Refusal) -> bool:
    """Of a price that nobody can have any more, however few are asked for."""
    return refusal.code in ("flash_sold_out", "limit_reached") and refusal.details.get("left") == 0
