"""Joining: free, of age, by one's own act, with the text that was read kept word for word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.faces.promoter.support import PASSWORD, VERSION, Earner, make_earner, make_promoted_shop
from tests.support.builders import Shop
from tongdao.foundation import clock
from tongdao.foundation.events import Event
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import AgreementAcceptance, AgreementKind
from tongdao.party.merchants.operations import publish_agreement
from tongdao.party.merchants.operations.agreements import AgreementDraft
from tongdao.party.network.agreements import TEXTS, agreement_after, agreement_now
from tongdao.party.network.models import Promoter, PromoterAgreement, PromoterConsent
from tongdao.party.network.operations import Consent, agree
from tongdao.party.network.refusals import AgeNotDeclared, AgreementChanged
from tongdao.rulebook.network import PROMOTER_AGREEMENT, PROMOTER_MIN_AGE
from tongdao.rulebook.trade import ATTRIBUTION_WINDOW, RULE_CHANGE_NOTICE_DAYS
from tongdao.rulebook.wechat import TRANSFER_CONFIRM
from tongdao.rulebook.wording import find_banned_words


@pytest.fixture
def shop() -> Shop:
    return make_promoted_shop()


def typed(**more: str) -> dict[str, str]:
    return {
        "shown_name": "小禾",
        "sign_in_name": f"{token(12)}@example.com",
        "password": PASSWORD,
        "version": VERSION,
        "of_age": "on",
        "agreed": "on",
        **more,
    }


def url(shop: Shop, page: str = "join") -> str:
    return reverse(f"promoter:{page}", kwargs={"slug": shop.slug})


def test_a_newcomer_joins_in_one_form(shop: Shop) -> None:
    phone = Client(headers={"accept-language": "zh-hans"})
    assert phone.post(url(shop), typed(listed_occupation="on"))["Location"] == url(shop, "today")
    assert phone.get(url(shop, "today")).status_code == 200
    with merchant_scope(shop.merchant_id):
        promoter, said = Promoter.objects.get(), PromoterConsent.objects.select_related("agreement").get()
        events = list(
            Event.objects.filter(subject_id=promoter.id).order_by("seq").values_list("name", "payload")
        )
    assert said.promoter_id == promoter.id
    assert (said.version, said.age_from, said.listed_occupation) == (VERSION, 18, True)
    assert said.agreement.text == (TEXTS / f"{VERSION}.zh-hans.txt").read_text("utf-8").strip()
    assert [name for name, _ in events] == ["promoter.joined", "promoter.agreed"]
    assert events[1][1]["agreement_version"] == VERSION


@pytest.mark.parametrize("missing", ["of_age", "agreed", "shown_name", "password", "sign_in_name"])
def test_without_it_nothing_is_stored(shop: Shop, missing: str) -> None:
    form = typed()
    del form[missing]
    phone = Client()
    assert phone.post(url(shop), form).status_code == 422
    assert "_auth_user_id" not in phone.session
    with merchant_scope(shop.merchant_id):
        assert not Promoter.objects.exists()
        assert not PromoterConsent.objects.exists()


def test_nobody_brings_anybody(shop: Shop) -> None:
    """No column, no field and no parameter names who brought somebody; one that is sent changes nothing."""
    other = make_earner(shop)
    Client().post(f"{url(shop)}?inviter={other.promoter_id}", typed(inviter=str(other.promoter_id)))
    with merchant_scope(shop.merchant_id):
        new = Promoter.objects.exclude(pk=other.promoter_id).get()
        values = {str(getattr(new, field.attname)) for field in Promoter._meta.fields}
    assert str(other.promoter_id) not in values
    assert str(other.person.id) not in values
    related = [field for field in Promoter._meta.fields if field.is_relation]
    assert related == [], "a promoter points at nobody"


def test_a_text_that_has_changed_meanwhile_is_not_agreed_to(shop: Shop) -> None:
    answer = Client().post(url(shop), typed(version="0"))
    assert answer.status_code == 409
    with merchant_scope(shop.merchant_id):
        assert not Promoter.objects.exists()


def test_agreeing_twice_is_once_and_each_text_is_kept_once(shop: Shop) -> None:
    earners = [make_earner(shop), make_earner(shop)]
    with merchant_scope(shop.merchant_id):
        promoter = Promoter.objects.get(pk=earners[0].promoter_id)
        agree(promoter, Consent(VERSION, True), actor=shop.owner)
        agree(promoter, Consent(VERSION, True, language="en"), actor=shop.owner)
        assert PromoterConsent.objects.count() == 2
        assert PromoterAgreement.objects.filter(language="zh-hans").count() == 1
        with pytest.raises(AgeNotDeclared, match="18"):
            agree(promoter, Consent(VERSION, False), actor=shop.owner)
        with pytest.raises(AgreementChanged):
            agree(promoter, Consent("0", True), actor=shop.owner)


def published(shop: Shop, earner: Earner) -> None:
    """The merchant has a text of its own, in force in eight days."""
    soon = clock.now() + timedelta(days=8)
    draft = AgreementDraft(
        AgreementKind.PROMOTER, "推广约定 <1>", "<p>本店自己的推广约定，十个字以上。</p>", soon
    )
    with merchant_scope(shop.merchant_id):
        publish_agreement(draft, actor=shop.owner)
    assert earner.phone().get(earner.url("share")).status_code == 200, "not in force yet"


def test_a_merchants_own_text_is_asked_for_once_it_is_in_force(shop: Shop) -> None:
    earner = make_earner(shop)
    published(shop, earner)
    phone = earner.phone("zh-hans")
    with clock.shifted(timedelta(days=9)):
        assert phone.get(earner.url("share"))["Location"] == earner.url("agreement")
        page = phone.get(earner.url("agreement")).content.decode()
        assert "<p>本店自己的推广约定" in page
        assert "推广约定 &lt;1&gt;" in page
        answer = phone.post(earner.url("agreement"), {"version": "shop-1", "of_age": "on", "agreed": "on"})
        assert answer["Location"] == earner.url("today")
        assert phone.get(earner.url("share")).status_code == 200
        kept = phone.get(earner.url("agreement")).content.decode()
        assert "推广约定 &lt;1&gt;" in kept
        with merchant_scope(shop.merchant_id):
            assert AgreementAcceptance.objects.get().person_id == earner.person.id
            assert set(PromoterConsent.objects.values_list("version", flat=True)) == {VERSION, "shop-1"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_houses_text_says_what_the_rulebook_says(shop: Shop, language: str) -> None:
    today = clock.today()
    with merchant_scope(shop.merchant_id):
        read = agreement_now(language)
    assert read.version == PROMOTER_AGREEMENT.on(today)
    figures = (
        PROMOTER_MIN_AGE.on(today),
        ATTRIBUTION_WINDOW.on(today).days,
        RULE_CHANGE_NOTICE_DAYS.on(today),
    )
    unit = {"zh-hans": ("{} 周岁", "{} 天内", "{} 天公布"), "en": ("{} years", "{} days", "{} days")}[
        language
    ]
    for form, figure in zip(unit, figures, strict=True):
        assert form.format(figure) in read.text
    assert find_banned_words(read.text) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_holds_later_is_told_before(shop: Shop, language: str) -> None:
    """The text about payouts: 24 hours, and nothing that advertising may not say; at least 7 days before."""
    second = PROMOTER_AGREEMENT.versions[1]
    hours = int(TRANSFER_CONFIRM.on(second.effective_from).total_seconds() // 3600)
    earner = make_earner(shop)
    page = earner.phone(language).get(earner.url("agreement")).content.decode()
    assert (second.effective_from.isoformat() in page) == (clock.today() < second.effective_from)
    with clock.shifted(second.effective_from - clock.today()), merchant_scope(shop.merchant_id):
        read = agreement_now(language)
        assert agreement_after(language) is None
    assert read.version == "2" and find_banned_words(read.text) == []
    assert {"zh-hans": f"{hours} 小时", "en": f"{hours} hours"}[language] in read.text
