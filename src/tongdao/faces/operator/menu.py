"""Where an operator may go, as data: the page's name, what it is called, its icon (Material Symbols)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    url: str
    label: str
    icon: str
    here: bool


MENU = (
    (
        _("Today"),
        (("index", _("Health"), "monitor_heart"),),
    ),
    (
        _("Who is here"),
        (
            ("merchants", _("Merchants"), "storefront"),
            ("people", _("People"), "group"),
            ("reviews", _("Reviews"), "reviews"),
            ("disputes", _("Disputes"), "gavel"),
        ),
    ),
    (
        _("Machinery"),
        (
            ("readers", _("Event readers"), "menu_book"),
            ("intents", _("Deliveries"), "outgoing_mail"),
            ("jobs", _("Jobs"), "work_history"),
            ("callbacks", _("Callbacks"), "webhook"),
        ),
    ),
    (
        _("Platform"),
        (
            ("switches", _("Switches"), "toggle_on"),
            ("sandboxes", _("Sandboxes"), "science"),
            ("deeds", _("Operators' record"), "history"),
        ),
    ),
)


def menu(path: str) -> list[tuple[str, list[Place]]]:
    """Groups with their places; the one that `path` is in is marked."""
    index = reverse("operator:index")
    return [
        (str(label), [_place(name, str(text), icon, path, index) for name, text, icon in places])
        for label, places in MENU
    ]


def _place(name: str, label: str, icon: str, path: str, index: str) -> Place:
    url = reverse(f"operator:{name}")
    return Place(url, label, icon, path == url if url == index else path.startswith(url))
