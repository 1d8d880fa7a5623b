"""The pages of shipping and of an order's notes, as data (see table.py)."""

from __future__ import annotations

from tongdao.faces.console.guard import Page
from tongdao.faces.console.pages import dispatches, notes, pack, parcels, printing, returns, to_ship, waybills

ORDER = "orders/<uuid:order_id>"
DISPATCH = "dispatches/<uuid:dispatch_id>"

SHIPPING_PAGES: tuple[Page, ...] = (
    Page("to_ship", "to-ship", "orders.read", to_ship.show),
    Page("pack", "to-ship/pack", "orders.ship", pack.show, pack.act, section="to_ship"),
    Page("waybills", "to-ship/waybills", "orders.ship", waybills.show, waybills.act, section="to_ship"),
    Page("dispatches", "dispatches", "orders.read", dispatches.show, section="to_ship"),
    Page("dispatch", DISPATCH, "orders.read", dispatches.one, section="to_ship"),
    Page(
        "dispatch_retry",
        f"{DISPATCH}/retry",
        "orders.ship",
        act=dispatches.retry,
        back="dispatch",
        section="to_ship",
    ),
    Page("labels", "print/labels", "orders.ship", printing.labels_page, section="to_ship"),
    Page("packing_list", "print/packing-list", "orders.ship", printing.packing_page, section="to_ship"),
    Page("delivery_notes", "print/delivery-notes", "orders.ship", printing.notes_page, section="to_ship"),
    Page(
        "parcel_cancel",
        f"{ORDER}/parcels/<uuid:parcel_id>/cancel",
        "orders.ship",
        parcels.show,
        parcels.act,
        section="orders",
        own_scopes=True,
    ),
    Page("note", f"{ORDER}/notes", "orders.serve", act=notes.add, back="order", section="orders"),
    Page(
        "note_pin",
        f"{ORDER}/notes/<uuid:note_id>/pin",
        "orders.serve",
        act=notes.pin,
        back="order",
        section="orders",
    ),
    Page("flag", f"{ORDER}/flag", "orders.serve", act=notes.flag, back="order", section="orders"),
    Page("return_addresses", "returns", "store.edit", returns.show, section="settings"),
    Page("return_address", "returns/address", "store.edit", returns.form, returns.save, section="settings"),
    Page(
        "return_address_end",
        "returns/<uuid:address_id>/end",
        "store.edit",
        act=returns.end,
        back="return_addresses",
        section="settings",
    ),
    Page(
        "carriage",
        "returns/carriage",
        "store.edit",
        act=returns.carriage,
        back="return_addresses",
        section="settings",
    ),
)
