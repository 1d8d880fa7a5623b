"""What a company shows of itself: its code checked, every change in the log with both texts."""

from __future__ import annotations

import string
from datetime import timedelta

import pytest

from tests.support.builders import make_shop
from tongdao.foundation import clock
from tongdao.foundation.events import Event
from tongdao.foundation.ids import uuid7
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.credit_code import ALPHABET, check_character, normalise
from tongdao.party.merchants.models import Brand, CompanyProfile, KeptText, Storefront, StorefrontPage
from tongdao.party.merchants.operations import (
    add_brand,
    add_page,
    confirm_company,
    edit_page,
    edit_storefront,
    remove_page,
    rename_brand,
    set_company,
)
from tongdao.party.merchants.operations.company import Company
from tongdao.party.merchants.operations.pages import PageDraft
from tongdao.party.merchants.queries import company_profile
from tongdao.party.merchants.refusals import (
    AccentInvalid,
    AccentTooPale,
    BrandNameInvalid,
    BrandNameTaken,
    CompanyInvalid,
    CreditCodeInvalid,
    DomainInvalid,
    PageInvalid,
    PagePathTaken,
    PageTooLong,
)

# The example of the standard, and codes that large companies publish on their own sites.
REAL = ["91350100M000100Y43", "91330100799655058B", "9144030071526726XG", "914403001922038216"]
COMPANY = Company("山间茶舍有限公司", REAL[0], "福建省福州市鼓楼区一号", "0591-12345678")


def texts(event: Event) -> dict[str, tuple[str, str]]:
    old, new = event.old or {}, event.new or {}
    found = {name: str(KeptText.objects.get(pk=id).text) for name, id in {**new}.items()}
    before = {name: str(KeptText.objects.get(pk=id).text) for name, id in {**old}.items()}
    return {name.removesuffix("_id"): (before.get(name, ""), text) for name, text in found.items()}


@pytest.mark.parametrize("code", REAL)
def test_codes_that_exist_are_good(code: str) -> None:
    assert normalise(code) == code
    assert normalise(f" {code[:6].lower()} {code[6:].lower()}") == code


@pytest.mark.parametrize("code", REAL)
def test_no_single_slip_and_no_two_swapped_characters_pass(code: str) -> None:
    """The weights are powers of a generator and the modulus is prime, so both kinds of slip always show."""
    for place in range(18):
        for other in set(ALPHABET) - {code[place]}:
            assert normalise(code[:place] + other + code[place + 1 :]) is None
    for place in range(17):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert normalise(swapped) is None or swapped == code


@pytest.mark.parametrize(
    "text", ["", REAL[0][:17], REAL[0] + "1", "９" + REAL[0][1:], "9135O100M000100Y43", "x" * 99]
)
def test_what_has_not_the_shape_is_none(text: str) -> None:
    assert normalise(text) is None


def test_letters_that_read_like_figures_are_not_of_the_alphabet() -> None:
    assert set(string.ascii_uppercase) - set(ALPHABET) == set("IOSVZ")
    assert len(ALPHABET) == 31 and check_character(REAL[0][:17]) == "3"


def test_a_company_is_set_changed_and_confirmed() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        assert company_profile() is None
        with pytest.raises(NotFound):
            confirm_company(actor=shop.owner)
        first = set_company(COMPANY, actor=shop.owner)
        moved = Company(COMPANY.legal_name, COMPANY.credit_code.lower(), "厦门市思明区二号", "0591-12345678")
        second = set_company(moved, actor=shop.owner)
        assert set_company(moved, actor=shop.owner).id == second.id != first.id
        assert CompanyProfile.objects.count() == 2
        now = company_profile()
        assert now and (now.id, now.legal_address) == (second.id, "厦门市思明区二号")
        changes = Event.objects.filter(name="company.changed").order_by("seq")
        assert [set(texts(event)) for event in changes] == [
            {"legal_name", "credit_code", "legal_address", "service_phone"},
            {"legal_address"},
        ]
        assert texts(changes[1]) == {"legal_address": (COMPANY.legal_address, "厦门市思明区二号")}
        assert Event.objects.filter(name="company.confirmed").count() == 1


def test_confirming_moves_the_day_of_it() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        before = set_company(COMPANY, actor=shop.owner).confirmed_at
    with clock.shifted(timedelta(days=170)), merchant_scope(shop.merchant_id):
        assert confirm_company(actor=shop.owner).confirmed_at - before >= timedelta(days=170)


def test_half_a_company_is_refused_and_nothing_stays() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        for wrong in (
            Company("", REAL[0], "a", "1"),
            Company("x" * 121, REAL[0], "a", "1"),
            Company("x", REAL[0], " ", "1"),
            Company("x", REAL[0], "a", "1" * 33),
        ):
            with pytest.raises(CompanyInvalid):
                set_company(wrong, actor=shop.owner)
        with pytest.raises(CreditCodeInvalid):
            set_company(Company("x", REAL[0][:17] + "4", "a", "1"), actor=shop.owner)
        assert company_profile() is None and not KeptText.objects.exists()


def test_brands_are_named_once() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        brand = add_brand(" 云 雾 ", actor=shop.owner)
        with pytest.raises(BrandNameTaken):
            add_brand("云 雾", actor=shop.owner)
        rename_brand(brand.id, "高山", actor=shop.owner)
        rename_brand(brand.id, "高山", actor=shop.owner)
        event = Event.objects.get(name="brand.renamed")
        assert texts(event) == {"name": ("云 雾", "高山")}
        for wrong in ("", "x" * 81):
            with pytest.raises(BrandNameInvalid):
                add_brand(wrong, actor=shop.owner)
        with pytest.raises(NotFound):
            rename_brand(uuid7(), "x", actor=shop.owner)
        assert Brand.objects.count() == 2


def test_a_storefront_changes_only_what_is_named() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        id = shop.storefront_id
        edit_storefront(
            id, name="新茶", notice="", accent="#2F6F5E", domain="Shop.Example.com.", actor=shop.owner
        )
        edit_storefront(id, name="新茶", notice="端午休息", actor=shop.owner)
        row = Storefront.objects.get()
        assert (row.name, row.accent, row.domain) == ("新茶", "#2f6f5e", "shop.example.com")
        first, second = Event.objects.filter(name="storefront.edited").order_by("seq")
        assert set(texts(first)) == {"name", "accent", "domain"}
        assert texts(second) == {"notice": ("", "端午休息")}


@pytest.mark.parametrize(
    "domain", ["a", "https://x.cn", "x.cn/y", "x y.cn", "-x.cn", "x..cn", "1.2.3.4", "茶.cn"]
)
def test_a_domain_that_is_none_is_refused(domain: str) -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id), pytest.raises(DomainInvalid):
        edit_storefront(shop.storefront_id, name="x", notice="", domain=domain, actor=shop.owner)


def test_a_colour_that_cannot_be_read_is_refused() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        for colour, refusal in (
            ("#ffd700", AccentTooPale),
            ("red", AccentInvalid),
            ("#2f6f5", AccentInvalid),
        ):
            with pytest.raises(refusal):
                edit_storefront(shop.storefront_id, name="x", notice="", accent=colour, actor=shop.owner)


def test_a_page_is_cleaned_and_its_path_taken_once() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        html = '<p onclick="x()">茶<script>alert(1)</script></p><iframe src="//x"></iframe>'
        page = add_page(shop.storefront_id, PageDraft("about", "关于我们", html, False), actor=shop.owner)
        assert page.body_html == "<p>茶</p>"
        with pytest.raises(PagePathTaken):
            add_page(shop.storefront_id, PageDraft("about", "x", "", True), actor=shop.owner)
        draft = PageDraft("about", "关于我们", "<p>茶</p>", True)
        edit_page(page.id, draft, actor=shop.owner)
        edit_page(page.id, draft, actor=shop.owner)
        told = Event.objects.filter(name="storefront_page.saved").order_by("seq")
        assert [(event.old or {}).get("published") for event in told] == [False, False]
        assert (told[1].new or {}).get("published") is True
        remove_page(page.id, actor=shop.owner)
        assert not StorefrontPage.objects.exists()
        gone = Event.objects.get(name="storefront_page.removed").old or {}
        assert "关于我们" in KeptText.objects.get(pk=gone["page_id"]).text


@pytest.mark.parametrize(
    ("slug", "title"), [("", "x"), ("A", "x"), ("a b", "x"), ("-a", "x"), ("a", ""), ("a", "x" * 81)]
)
def test_what_is_no_page_is_refused(slug: str, title: str) -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id), pytest.raises(PageInvalid):
        add_page(shop.storefront_id, PageDraft(slug, title, "", True), actor=shop.owner)


def test_a_page_has_an_end_and_a_shop() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        with pytest.raises(PageTooLong):
            add_page(shop.storefront_id, PageDraft("a", "x", "x" * 70_000, True), actor=shop.owner)
        for attempt in (
            lambda: add_page(uuid7(), PageDraft("a", "x", "", True), actor=shop.owner),
            lambda: edit_page(uuid7(), PageDraft("a", "x", "", True), actor=shop.owner),
            lambda: remove_page(uuid7(), actor=shop.owner),
        ):
            with pytest.raises(NotFound):
                attempt()
