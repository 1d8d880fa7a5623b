"""Codes of goods in the words of the desk."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdao.faces.kit.money_text import yuan
from tongdao.faces.kit.shapes import Tone

WHY: dict[str, Promise] = {
    "price_too_low": gettext_lazy("A price is at least ¥0.01"),
    "price_too_high": gettext_lazy("A price is at most ¥10,000,000"),
    "below_floor": gettext_lazy("Below the lowest price that you set"),
    "same": gettext_lazy("It is so already"),
    "price_below_offer": gettext_lazy("A flash or group price is not below it"),
    "planned_already": gettext_lazy("Another price is planned for this moment"),
    "changed_since": gettext_lazy("Somebody changed it since"),
    "archived": gettext_lazy("Its options are gone"),
    "no_licence": gettext_lazy("It needs a valid licence"),
    "no_number": gettext_lazy("It needs its registration number"),
    "code_taken": gettext_lazy("Another product has this code"),
    "code_twice": gettext_lazy("Two SKUs would have this code"),
    "options_taken": gettext_lazy("Another SKU has these options"),
    "price_range": gettext_lazy("From ¥0.01 to ¥10,000,000"),
    "size_range": gettext_lazy("At most 10,000 kg and 100 cubic metres"),
    "count_range": gettext_lazy("A whole number up to 1,000,000"),
    "too_long": gettext_lazy("Too long"),
    "below_promised": gettext_lazy("Open orders hold more than that"),
    "size": gettext_lazy("Larger than 10 MB"),
    "pixels": gettext_lazy("More than 40 megapixels"),
    "unreadable": gettext_lazy("No JPEG, PNG, WebP or GIF picture"),
    "known": gettext_lazy("It is there already"),
}
BATCH_KINDS: dict[str, Promise] = {
    "price": gettext_lazy("Prices"),
    "publish": gettext_lazy("In the shop or not"),
    "saleable": gettext_lazy("For sale or not"),
}
BATCH_STATES: dict[str, tuple[Promise, Tone]] = {
    "waiting": (gettext_lazy("Waiting"), "waiting"),
    "running": (gettext_lazy("Under way"), "waiting"),
    "done": (gettext_lazy("Done"), "success"),
    "cancelled": (gettext_lazy("Cancelled"), ""),
    "undoing": (gettext_lazy("Being undone"), "waiting"),
    "undone": (gettext_lazy("Undone"), ""),
}
LINE_STATES: dict[str, tuple[Promise, Tone]] = {
    "waiting": (gettext_lazy("Waiting"), "waiting"),
    "done": (gettext_lazy("Done"), "success"),
    "refused": (gettext_lazy("Left out"), "error"),
    "undone": (gettext_lazy("Put back"), ""),
    "kept": (gettext_lazy("Kept"), "error"),
}
NOUNS: dict[str, Promise] = {
    "product": gettext_lazy("Product texts"),
    "sku": gettext_lazy("SKUs"),
    "price": gettext_lazy("Prices"),
    "image": gettext_lazy("Pictures"),
    "stock": gettext_lazy("Stock"),
}
PRICE_REASONS: dict[str, Promise] = {
    "bulk": gettext_lazy("Bulk change"),
    "undo": gettext_lazy("Undone"),
    "grid": gettext_lazy("In the grid"),
}


def why(code: str) -> str:
    return str(WHY.get(code, code))


def rule_words(kind: str, rule: Mapping[str, object]) -> str:
    """What a bulk change was asked to do, in one line."""
    if kind != "price":
        on = bool(rule.get("on"))
        if kind == "publish":
            return _("Put into the shop") if on else _("Take out of the shop")
        return _("Sell") if on else _("Stop selling")
    value = int(str(rule.get("value") or 0))
    sign = "+" if value >= 0 else "−"
    match rule.get("how"):
        case "set":
            text = _("Set to ¥%(price)s") % {"price": yuan(value)}
        case "amount":
            text = f"{sign}¥{yuan(abs(value))}"
        case _:
            text = f"{sign}{abs(value) // 100}.{abs(value) % 100:02d} %"
    ending = rule.get("ending")
    return (
        text if ending is None else _("%(rule)s, ending in .%(ending)02d") % {"rule": text, "ending": ending}
    )
