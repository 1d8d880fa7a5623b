"""Switches: declared, set by operators alone, fresh within a second, cheap in between."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext_lazy

from tongdao.foundation import switches
from tongdao.foundation.actors import SYSTEM, Actor
from tongdao.foundation.deeds import ReasonNeeded
from tongdao.foundation.fragments import Fragments
from tongdao.foundation.ids import uuid7
from tongdao.foundation.models import FeatureSwitch, OperatorDeed
from tongdao.foundation.refusals import NotAllowed, NotFound
from tongdao.foundation.switches import Switch, declare, set_switch

OPERATOR = Actor("operator", uuid7())


@pytest.fixture
def switch(cluster: object) -> Iterator[Switch]:
    made = declare(f"test_{uuid7().hex[-8:]}", gettext_lazy("Jobs"), default=False)
    yield made
    del switches._switches[made.name]


def test_it_stands_as_declared_until_it_is_set(switch: Switch) -> None:
    assert not switch.is_on()
    set_switch(switch.name, True, actor=OPERATOR, reason="we try it out")
    assert switch.is_on()
    set_switch(switch.name, False, actor=OPERATOR, reason="it was not good")
    assert not switch.is_on()
    deeds = OperatorDeed.objects.filter(subject_id=switch.name).order_by("id")
    assert [deed.details for deed in deeds] == [{"old": False, "new": True}, {"old": True, "new": False}]
    assert {(deed.act, deed.person_id) for deed in deeds} == {("switch.set", OPERATOR.id)}


def test_others_do_not_set_it(switch: Switch) -> None:
    for actor in (SYSTEM, Actor("staff", uuid7()), Actor("person", uuid7())):
        with pytest.raises(NotAllowed):
            set_switch(switch.name, True, actor=actor, reason="because I can")
    with pytest.raises(ReasonNeeded):
        set_switch(switch.name, True, actor=OPERATOR, reason=" no ")
    with pytest.raises(NotFound):
        set_switch("nonsense", True, actor=OPERATOR, reason="because I can")
    assert not FeatureSwitch.objects.filter(name=switch.name).exists()
    assert not switch.is_on()


def test_asking_often_reads_seldom(switch: Switch) -> None:
    kept = switches._fragments
    before, kept.recheck = kept.recheck, 60.0
    try:
        kept.clear()
        with CaptureQueriesContext(connection) as asked:
            for _time in range(50):
                switch.is_on()
        assert 1 <= len(asked) <= 2
    finally:
        kept.recheck = before
    assert Fragments.recheck == before


def test_every_switch_says_in_chinese_what_it_is_for() -> None:
    import tongdao.party.merchants.operations
    import tongdao.party.people.sms  # noqa: F401  # they declare theirs

    with translation.override("zh-hans"):
        told = {name: str(switch.meaning) for name, switch in switches.switches().items()}
    assert {"merchant_joining", "sms_codes"} <= told.keys()
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in told.values())


def test_one_name_one_switch(switch: Switch) -> None:
    with pytest.raises(ValueError, match="two switches"):
        declare(switch.name, gettext_lazy("Jobs"))
