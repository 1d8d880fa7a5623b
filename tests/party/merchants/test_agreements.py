"""Agreements: published ahead, never changed, accepted by person and version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError

from tests.party.merchants.support import overlapping
from tests.support.builders import make_shop
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope, person_scope
from tongdao.party.merchants.models import AgreementAcceptance, AgreementKind, AgreementVersion
from tongdao.party.merchants.operations import accept_agreement, publish_agreement
from tongdao.party.merchants.operations.agreements import AgreementDraft
from tongdao.party.merchants.queries import coming_agreement, current_agreement, has_accepted
from tongdao.party.merchants.refusals import AgreementInvalid, AgreementOutdated, NoticeTooShort
from tongdao.party.people.operations import create_guest

TERMS = AgreementKind.TERMS
WEEK = timedelta(days=7, minutes=1)


def a_draft(
    after: timedelta = WEEK, *, title: str = "服务协议", html: str = "<p>甲</p>", major: bool = False
) -> AgreementDraft:
    return AgreementDraft(TERMS, title, html, clock.now() + after, major)


def test_versions_follow_each_other_in_their_time() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        first = publish_agreement(a_draft(), actor=shop.owner)
        second = publish_agreement(a_draft(timedelta(days=20), html="<p>乙</p>"), actor=shop.owner)
        assert (first.version, second.version, current_agreement(TERMS)) == (1, 2, None)
        assert (coming_agreement(TERMS) or first).id == second.id
    for days, expected in ((8, first.id), (21, second.id)):
        with clock.shifted(timedelta(days=days)), merchant_scope(shop.merchant_id):
            now = current_agreement(TERMS)
            assert now and now.id == expected
    with merchant_scope(shop.merchant_id):
        assert Event.objects.filter(name="agreement.published").count() == 2


@pytest.mark.parametrize(("days", "major"), [(0, False), (6, False), (7, True), (14, True)])
def test_too_short_a_notice_is_refused_by_operation_and_database(days: int, major: bool) -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id), pytest.raises(NoticeTooShort):
        publish_agreement(a_draft(timedelta(days=days, hours=23), major=major), actor=shop.owner)
    with pytest.raises(IntegrityError), merchant_scope(shop.merchant_id):
        at = clock.now()
        AgreementVersion.objects.create(
            kind="terms",
            version=1,
            title="x",
            body_html="x",
            major=major,
            published_at=at,
            effective_from=at + timedelta(days=days, hours=23),
        )


@pytest.mark.parametrize(
    "title,html",
    [("", "<p>x</p>"), ("x" * 121, "<p>x</p>"), ("x", ""), ("x", "<script>x</script>"), ("x", "x" * 70_000)],
)
def test_an_agreement_says_something(title: str, html: str) -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id), pytest.raises(AgreementInvalid):
        publish_agreement(a_draft(title=title, html=html), actor=shop.owner)


def test_what_was_published_stays_as_it_was() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        publish_agreement(a_draft(html="<p onclick=x>甲</p>"), actor=shop.owner)
        assert AgreementVersion.objects.get().body_html == "<p>甲</p>"
    for change in (
        lambda: AgreementVersion.objects.update(title="x"),
        lambda: AgreementVersion.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), merchant_scope(shop.merchant_id):
            change()


def test_two_who_publish_at_once_get_two_numbers() -> None:
    shop = make_shop()
    told = overlapping(
        shop.merchant_id,
        lambda: publish_agreement(a_draft(), actor=shop.owner),
        lambda: publish_agreement(a_draft(html="<p>乙</p>"), actor=shop.owner),
    )
    with merchant_scope(shop.merchant_id):
        assert told == ["done", "done"] and sorted(
            AgreementVersion.objects.values_list("version", flat=True)
        ) == [1, 2]


@pytest.fixture
def in_force() -> Iterator[tuple[object, ...]]:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        first = publish_agreement(a_draft(), actor=shop.owner)
        second = publish_agreement(a_draft(timedelta(days=20)), actor=shop.owner)
    with clock.shifted(timedelta(days=10)):
        yield shop, first, second


def test_saying_yes_is_kept_once_by_person_and_version(in_force: tuple[object, ...]) -> None:
    shop, first, second = in_force
    person = Actor("person", create_guest().id)
    assert person.id
    with merchant_scope(shop.merchant_id):  # type: ignore[attr-defined]  # of the fixture
        for version in (first, first, second):
            accept_agreement(version.id, actor=person)  # type: ignore[attr-defined]  # of the fixture
        assert AgreementAcceptance.objects.filter(person_id=person.id).count() == 2
        assert Event.objects.filter(name="agreement.accepted").count() == 2
        assert has_accepted(person.id, first.id) and not has_accepted(uuid7(), first.id)  # type: ignore[attr-defined]  # of the fixture
    with person_scope(person.id):
        assert AgreementAcceptance.objects.count() == 2


def test_an_old_version_is_not_accepted_any_more(in_force: tuple[object, ...]) -> None:
    shop, first, _second = in_force
    person = Actor("person", create_guest().id)
    with clock.shifted(timedelta(days=15)), merchant_scope(shop.merchant_id):  # type: ignore[attr-defined]  # of the fixture
        with pytest.raises(AgreementOutdated):
            accept_agreement(first.id, actor=person)  # type: ignore[attr-defined]  # of the fixture
        with pytest.raises(NotFound):
            accept_agreement(uuid7(), actor=person)


def test_the_moment_counts_to_the_second() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        row = publish_agreement(a_draft(), actor=shop.owner)
        moment: datetime = row.effective_from
    with clock.shifted(moment - clock.now() - timedelta(seconds=30)), merchant_scope(shop.merchant_id):
        assert current_agreement(TERMS) is None
    with clock.shifted(moment - clock.now() + timedelta(seconds=1)), merchant_scope(shop.merchant_id):
        assert current_agreement(TERMS) is not None
