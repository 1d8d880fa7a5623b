"""Every refusal has one code, a fitting status, and a message in both languages."""

from __future__ import annotations

import importlib
import pkgutil
import re
from http import HTTPStatus
from typing import Any

import pytest
from django.utils import translation

import tongdao
from tongdao.foundation.refusals import REGISTRY, BadInput, NotAllowed, NotFound, Refusal

pytestmark = pytest.mark.pure
PROGRAMS = (".management.", ".migrations.", ".sandboxes", "__main__", ".wsgi")


def import_everything() -> None:
    """Refusals register where they are defined, so all rooms are read."""
    for module in pkgutil.walk_packages(tongdao.__path__, "tongdao."):
        if not any(part in module.name for part in PROGRAMS):
            importlib.import_module(module.name)


import_everything()
REFUSALS = [pytest.param(cls, id=cls.__name__) for cls in [Refusal, *REGISTRY.values()]]


def english(cls: type[Refusal]) -> str:
    return " ".join((cls.__doc__ or "").split())


def in_chinese(cls: type[Refusal]) -> str:
    with translation.override("zh-hans"):
        return translation.gettext(english(cls))


@pytest.mark.parametrize("cls", REFUSALS)
def test_the_message_is_there_in_chinese(cls: type[Refusal]) -> None:
    said = in_chinese(cls)
    assert said != english(cls), f"add it to the locale of {cls.__module__}"
    assert re.search(r"[\u4e00-\u9fff]", said)
    holes = r"%\((\w+)\)"
    assert re.findall(holes, said) == re.findall(holes, english(cls))


@pytest.mark.parametrize("cls", REFUSALS)
def test_the_message_is_a_sentence(cls: type[Refusal]) -> None:
    assert english(cls)[0].isupper()
    assert english(cls).endswith((".", "%(why)s"))
    assert in_chinese(cls).endswith(("。", "%(why)s")), "in Chinese too"


@pytest.mark.parametrize("cls", REFUSALS)
def test_code_and_status_fit(cls: type[Refusal]) -> None:
    assert re.fullmatch(r"[a-z][a-z_]+", cls.code)
    assert HTTPStatus(cls.status) >= 400
    for family, fitting in ((NotFound, {404}), (NotAllowed, {403}), (BadInput, {413, 422})):
        assert not issubclass(cls, family) or cls.status in fitting


def test_there_are_many_and_codes_do_not_clash() -> None:
    assert len(REGISTRY) > 40
    assert all(cls.code == code for code, cls in REGISTRY.items())


def test_the_message_follows_the_language_and_takes_its_details() -> None:
    class SomethingLong(Refusal):
        """It is %(length)s long,
        which is too much."""

    with translation.override("en"):
        refusal = SomethingLong(length=9)
        assert str(refusal) == "It is 9 long, which is too much."
        assert (refusal.code, refusal.status) == ("something_long", 409)
        assert str(NotFound()) == english(NotFound)
    with translation.override("zh-hans"):
        assert str(NotFound()) == in_chinese(NotFound)
    del REGISTRY["something_long"]


def test_a_percent_sign_in_the_details_of_a_plain_message_does_no_harm() -> None:
    assert str(NotFound(key="100%")) == NotFound().message


def test_a_refusal_without_words_or_with_a_taken_code_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="docstring"):
        type("Silent", (Refusal,), {})
    names: dict[str, Any] = {"__doc__": "Another one.", "code": "not_found"}
    with pytest.raises(TypeError, match="share the code not_found"):
        type("Double", (Refusal,), names)


def test_it_carries_its_object() -> None:
    thing = object()
    refusal = NotFound(thing, sku="x")
    assert (refusal.object, dict(refusal.details)) == (thing, {"sku": "x"})
