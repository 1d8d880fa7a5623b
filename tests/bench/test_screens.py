"""The command for screens forgets no page: each parameter of an address has a place to come from."""

from __future__ import annotations

from django.apps import apps
from django.urls import get_resolver

from bench.screens.places import FINDERS, FIXED, GIVEN, NOT_PAGES, RARE, _walk, places
from tongdao.config.settings import ROOMS


def test_every_page_of_every_face_has_an_address() -> None:
    faces = {room.rpartition(".")[2] for room in ROOMS if room.startswith("tongdao.faces.")}
    assert faces - {"kit", "api", "lists"} <= {place.face for place in places()}
    asked = {name for place in places() for name in place.parameters}
    assert asked <= FINDERS.keys() | FIXED.keys() | RARE.keys() | set(GIVEN)


def test_what_is_no_page_is_still_there() -> None:
    names = {place.name for place in _walk(get_resolver().url_patterns)}
    assert NOT_PAGES.keys() <= names


def test_what_addresses_name_is_in_tables() -> None:
    for label, column, _ in FINDERS.values():
        apps.get_model(label)._meta.get_field(column)
