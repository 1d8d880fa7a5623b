"""Looking around: every page opens, makes nothing, and shows what people wrote as text."""

from __future__ import annotations

import gzip
import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from tests.faces.shop.browsing import Browser, order_something, put_into_cart
from tests.faces.shop.goods import add_product
from tests.support.builders import Shop, make_shop
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Storefront
from tongdao.party.network.operations import join_promoter
from tongdao.party.people.models import BrowserSession, Person
from tongdao.party.people.operations import create_guest
from tongdao.reach.traffic.operations import create_link

PAGES = ("/", "/s/{}/", "/s/{}/categories", "/s/{}/p/tea-1", "/s/{}/cart", "/s/{}/orders/", "/s/{}/me")
SCRIPT = "<script>alert(1)</script>"
SHOWN = "&lt;script&gt;alert(1)&lt;/script&gt;"
MOST_BYTES = 100 * 1024


@pytest.mark.parametrize("path", PAGES)
def test_visiting_makes_nothing(shop: Shop, path: str) -> None:
    before = Person.objects.count(), BrowserSession.objects.count()
    page = Browser().get(path.format(shop.slug))
    assert page.status == 200
    assert (Person.objects.count(), BrowserSession.objects.count()) == before


@pytest.mark.parametrize("path", ["/s/nobody/", "/s/{}/p/none", f"/s/{{}}/orders/{uuid4()}", "/s/{}/p/%00"])
def test_what_is_not_there_is_404(shop: Shop, path: str) -> None:
    page = Browser().get(path.format(shop.slug))
    assert page.status == 404
    assert 'class="empty error-page"' in page.html


@pytest.mark.parametrize(
    "path", ["/s/{}/?page=%00", "/s/{}/?page=-1", "/s/{}/?page=99999999", "/s/{}/orders/?state=x"]
)
def test_strange_questions_get_an_answer(shop: Shop, path: str) -> None:
    assert Browser().get(path.format(shop.slug)).status in (200, 404)


def test_the_language_is_chinese_unless_the_browser_or_the_buyer_says_otherwise(shop: Shop) -> None:
    assert "全部商品" in Browser(language="").get(f"/s/{shop.slug}/").html
    browser = Browser(language="en")
    page = browser.get(f"/s/{shop.slug}/me")
    assert '<html lang="en"' in page.html
    page = browser.send(page.form("/i18n/setlang/"), ("language", "zh-hans"))
    assert '<html lang="zh-hans"' in page.html
    assert "我的订单" in page.html


def test_script_in_any_text_field_is_text() -> None:
    shop = make_shop()
    with merchant_scope(shop.merchant_id):
        Storefront.objects.update(name=SCRIPT, notice=SCRIPT)
        promoter = join_promoter(create_guest().id, shown_name=SCRIPT, actor=shop.owner)
        link = create_link(channel="chat", promoter_id=promoter.id, actor=shop.owner)
    add_product(
        shop,
        "bad",
        SCRIPT,
        {(SCRIPT,): (100, 5)},
        options=[SCRIPT],
        vendor=SCRIPT,
        product_type=SCRIPT,
        body_html=SCRIPT,
    )
    browser = Browser()
    pages = [browser.get(f"/l/{link.token}")]
    pages += [browser.get(path.format(shop.slug).replace("tea-1", "bad")) for path in PAGES]
    product = browser.get(f"/s/{shop.slug}/p/bad")
    pages += [
        product,
        browser.send(product.form("/choose"), ("then", "cart")),
        browser.get(f"/s/{shop.slug}/cart"),
    ]
    checkout = browser.get(f"/s/{shop.slug}/checkout")
    typed = dict.fromkeys(("recipient", "phone", "detail", "province"), SCRIPT)
    pages.append(browser.send(checkout.form("/checkout"), **typed))
    for page in pages:
        assert SCRIPT not in page.html
    assert SHOWN in product.html
    assert pages[-1].html.count(SHOWN) >= 3
    assert pages[-1].form("/checkout").values["recipient"] == [SCRIPT]


def test_pages_carry_no_inline_script_or_style(shop: Shop) -> None:
    browser = Browser()
    order_something(browser, shop.slug)
    for path in PAGES:
        page = browser.get(path.format(shop.slug))
        policy = page.answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe-inline" not in policy
        assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)=", page.html)
        assert not re.search(r"<script(?![^>]*(?:src=|application/json))", page.html)


def test_a_first_view_is_at_most_100_kb_without_pictures() -> None:
    """What travels: style and scripts compressed by the server of static files, the page itself as it is."""
    shop = make_shop()
    for number in range(30):
        add_product(
            shop,
            f"many-{number}",
            f"一个名字相当长的商品，第 {number} 件，用来占地方",
            {(): (100 + number, 5)},
        )
    browser = Browser()
    put_into_cart(browser, shop.slug)
    for path in ("/s/{}/", "/s/{}/p/tea-1", "/s/{}/checkout"):
        page = browser.get(path.format(shop.slug))
        assets = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', page.html))
        assert len(assets) >= 3
        travels = sum(len(gzip.compress(_asset(name))) for name in assets) + len(page.html.encode())
        assert travels <= MOST_BYTES, (path, travels)


def _asset(name: str) -> bytes:
    with staticfiles_storage.open(name) as file:
        content: bytes = file.read()
    return content


def test_a_page_says_what_it_is_to_those_who_share_it(shop: Shop) -> None:
    page = Browser().get(f"/s/{shop.slug}/p/tea-1")
    assert '<meta property="og:title" content="云雾茶 1">' in page.html
    assert f'<link rel="canonical" href="{settings.BASE_URL}/s/{shop.slug}/p/tea-1">' in page.html
    assert '<meta name="robots" content="noindex">' in Browser().get(f"/s/{shop.slug}/cart").html
