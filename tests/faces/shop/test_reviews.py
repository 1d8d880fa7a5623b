"""Reviews in the shop: bars and filters, pages, writing without scripts, and that kept pages follow."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.faces.shop.browsing import Browser, Page
from tests.support.builders import Shop, make_shop
from tests.support.statements import sent_statements
from tests.trade.reviews.support import OPERATOR, a_buyer, a_photo, a_review, received_lines, write, writer_of
from tongdao.faces.shop.pages.product import PRODUCT_MARKS
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.fragments import read_version
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.models import Person
from tongdao.trade.reviews.models import Review, ReviewPicture
from tongdao.trade.reviews.operations import (
    Said,
    add_follow_up,
    answer_review,
    fold_review,
    take_down_review,
    unfold_review,
)

BACKEND = "tongdao.party.people.sign_in.IdentityBackend"


def product(shop: Shop, end: str = "") -> str:
    return f"/s/{shop.slug}/p/tea-1{end}"


def get(path: str, **headers: str) -> bytes:
    return Client().get(path, headers={"accept-language": "en", **headers}).content


def signed_in(actor: Actor) -> Browser:
    browser = Browser()
    browser.client.force_login(Person.objects.get(pk=actor.id), backend=BACKEND)
    return browser


def forms(shop: Shop, line: UUID) -> str:
    return f"/s/{shop.slug}/lines/{line}/review"


def photo(number: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{number}.jpg", a_photo(), "image/jpeg")


CHANGES: list[tuple[str, Callable[[Shop, Review], object]]] = [
    ("a review", lambda shop, review: None),
    ("answer", lambda shop, review: answer_review(review.id, "谢谢光临", actor=shop.owner)),
    ("follow-up", lambda shop, review: add_follow_up(review.id, said=Said("x"), actor=writer_of(review))),
    ("fold", lambda shop, review: fold_review(review.id, reason="off_topic", actor=shop.owner)),
    ("down", lambda shop, review: take_down_review(review.id, reason="unlawful", actor=OPERATOR)),
]


@pytest.mark.parametrize(("name", "change"), CHANGES)
@pytest.mark.parametrize("end", ["", "/reviews"])
def test_each_change_shows_on_pages_that_are_kept(
    shop: Shop, name: str, change: Callable[[Shop, Review], object], end: str
) -> None:
    first = a_review(shop)
    path = product(shop, end)
    before, again = get(path), get(path)
    assert before == again
    if name == "a review":
        a_review(shop, text="刚写的一条")
    else:
        with merchant_scope(shop.merchant_id):
            change(shop, first)
    assert get(path) != before


def test_folding_and_opening_again_are_two_versions(shop: Shop) -> None:
    review = a_review(shop)
    seen = [get(product(shop))]
    with merchant_scope(shop.merchant_id):
        fold_review(review.id, reason="insulting", actor=shop.owner)
    seen.append(get(product(shop)))
    with merchant_scope(shop.merchant_id):
        unfold_review(review.id, actor=shop.owner)
    seen.append(get(product(shop)))
    assert seen[0] == seen[2] != seen[1]


def test_another_products_review_leaves_a_page_as_it_is() -> None:
    shop = make_shop((1_000, 2_000))
    version = lambda: read_version(  # noqa: E731 said twice
        shop.merchant_id, PRODUCT_MARKS, {"handle": "tea-1", "most": 9, "now": clock.now()}
    )
    before = version()
    buyer = a_buyer()
    [_, other] = received_lines(shop, buyer)
    stocked = version()
    write(shop, other, buyer)
    assert version() == stocked
    assert before.split("|")[-1] == stocked.split("|")[-1] == "-"


def test_reviews_cost_a_kept_page_no_statement(shop: Shop) -> None:
    """Asked again, the version of all that it shows is still one statement, in its scope."""
    a_review(shop)
    get(product(shop))
    with sent_statements() as sent:
        get(product(shop))
    versions = [statement for statement in sent if "review_tally" in statement]
    assert len(versions) == 1 and "product_image" in versions[0] and "promotion" in versions[0]
    assert not [statement for statement in sent if "from review " in statement or '"review"' in statement]


def test_bars_and_mean_are_drawn(shop: Shop) -> None:
    assert b"No reviews yet" in get(product(shop))
    for stars in (5, 5, 5, 1):
        a_review(shop, stars=stars)
    html = get(product(shop)).decode()
    assert "4.0" in html and 'aria-label="4.0 of 5 stars"' in html
    widths = re.findall(r'class="bar-part" width="(\d+)"', html)
    assert widths == ["75", "0", "0", "0", "25"]
    assert f'href="{product(shop, "/reviews")}?show=1"' in get(product(shop, "/reviews")).decode()


def test_filters_and_pages_of_all_reviews() -> None:
    shop = make_shop(stock=100)
    rows = [a_review(shop, stars=5 if n % 2 else 2, text=f"第 {n} 条") for n in range(12)]
    with merchant_scope(shop.merchant_id):
        add_follow_up(rows[3].id, said=Said("半年后"), actor=writer_of(rows[3]))
    path = product(shop, "/reviews")
    first = get(path).decode()
    assert [n for n in range(12) if f"第 {n} 条" in first] == list(range(2, 12))
    [older] = set(re.findall(r'href="([^"]+before=[^"]+)"', first))
    last = get(older).decode()
    assert [n for n in range(12) if f"第 {n} 条" in last] == [0, 1]
    few = get(f"{path}?show=2").decode()
    assert [n for n in range(12) if f"第 {n} 条" in few] == [0, 2, 4, 6, 8, 10]
    followed = get(f"{path}?show=follow_up").decode()
    assert "半年后" in followed and "第 4 条" not in followed
    assert "No review is like that" in get(f"{path}?show=pictures").decode()
    assert get(f"{path}?show=nonsense") == get(path)
    assert get(f"{path}?before=nonsense") == get(path)


def test_a_folded_one_is_closed_with_its_reason_and_can_be_read(shop: Shop) -> None:
    review = a_review(shop, text="加我微信买更便宜")
    with merchant_scope(shop.merchant_id):
        fold_review(review.id, reason="advertising", actor=shop.owner)
    html = get(product(shop, "/reviews")).decode()
    closed = re.search(r"<details.*?</details>", html, re.DOTALL)
    assert closed and " open" not in closed[0].split(">")[0]
    assert "Folded by the shop: advertising" in closed[0] and "加我微信" in closed[0]
    assert "加我微信" not in get(product(shop)).decode()  # but it counts there
    assert "1 review" in get(product(shop)).decode()


def test_a_tombstone_says_why_and_shows_nothing(shop: Shop) -> None:
    review = a_review(shop, stars=1, text="违法的话", pictured=True)
    with merchant_scope(shop.merchant_id):
        file = ReviewPicture.objects.get().file
        take_down_review(review.id, reason="court_order", actor=OPERATOR)
    html = get(product(shop, "/reviews")).decode()
    assert "违法的话" not in html and file not in html
    assert Client().get(f"/media/{file}").status_code == 404


def test_a_tombstone_stands_among_the_others(shop: Shop) -> None:
    a_review(shop)
    gone = a_review(shop, text="违法的话")
    with merchant_scope(shop.merchant_id):
        take_down_review(gone.id, reason="court_order", actor=OPERATOR)
    html = get(product(shop, "/reviews")).decode()
    assert "This review was taken down: by order of a court" in html
    assert "This review was taken down" not in get(product(shop, "/reviews") + "?show=5").decode()


def test_a_buyer_writes_without_scripts(shop: Shop) -> None:
    buyer = a_buyer()
    [line] = received_lines(shop, buyer)
    browser = signed_in(buyer)
    me = browser.get(f"/s/{shop.slug}/me").html
    assert re.search(rf'href="/s/{shop.slug}/reviews".*?My reviews.*?>\s*1\s*<', me, re.DOTALL)
    waiting = browser.get(f"/s/{shop.slug}/reviews")
    assert forms(shop, line) in waiting.html
    form = browser.get(forms(shop, line)).form()
    form.action = forms(shop, line)
    form.values["pictures"] = [photo(), photo(2)]  # type: ignore[list-item]  # files
    done = browser.send(form, stars="4", text="茶汤\r\n很亮")
    assert done.path == f"/s/{shop.slug}/reviews" and "Thank you" in done.html
    with merchant_scope(shop.merchant_id):
        row = Review.objects.get()
        assert (row.stars, row.text, row.pictures, row.person_id) == (4, "茶汤\n很亮", 2, buyer.id)
        files = list(ReviewPicture.objects.order_by("position").values_list("file", flat=True))
    shown = get(product(shop)).decode()
    for file in files:
        assert f"/media/{file}" in shown
        answer = Client().get(f"/media/{file}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert browser.get(forms(shop, line)).path == f"/s/{shop.slug}/reviews"  # written already


def test_a_refused_form_keeps_the_words(shop: Shop) -> None:
    buyer = a_buyer()
    [line] = received_lines(shop, buyer)
    browser = signed_in(buyer)
    form = browser.get(forms(shop, line)).form()
    form.action = forms(shop, line)
    bad = [SimpleUploadedFile("a.jpg", b"no picture")]
    wrong: list[tuple[str, list[SimpleUploadedFile], str]] = [
        ("", [], "Choose one to five stars."),
        ("9", [], "Choose one to five stars."),
        ("5", bad, "Picture 1 cannot be used"),
        ("5", [photo(number) for number in range(10)], "At most 9 pictures"),
    ]
    for stars, pictures, says in wrong:
        form.values["pictures"] = pictures  # type: ignore[assignment]  # files
        page = browser.send(form, text="我的话", stars=stars)
        assert (page.status, says in page.html, "我的话" in page.html) == (422, True, True)
    form.values["pictures"] = []
    assert browser.send(form, stars="5", text="字" * 501).status == 422
    with merchant_scope(shop.merchant_id):
        assert not Review.objects.exists()


def test_a_follow_up_is_written_once(shop: Shop) -> None:
    review = a_review(shop)
    browser = signed_in(writer_of(review))
    path = f"/s/{shop.slug}/reviews/{review.id}/follow-up"
    assert path in browser.get(f"/s/{shop.slug}/reviews").html
    form = browser.get(path).form()
    form.action = path
    assert browser.send(form, text="").status == 422
    assert "Thank you" in browser.send(form, text="还在喝").html
    assert browser.send(form, text="再写").path == f"/s/{shop.slug}/reviews"
    assert path not in browser.get(f"/s/{shop.slug}/reviews").html
    assert "还在喝" in get(product(shop)).decode() and "再写" not in get(product(shop)).decode()


@pytest.mark.parametrize("what", ["anothers", "nobody", "unknown", "other store"])
def test_what_is_not_ones_own_is_not_there(shop: Shop, what: str) -> None:
    buyer = a_buyer()
    [line] = received_lines(shop, buyer)
    review = a_review(shop)
    browser = {"nobody": Browser(), "anothers": signed_in(a_buyer())}.get(what) or signed_in(buyer)
    if what == "unknown":
        line, review.id = uuid7(), uuid7()
    slug = make_shop().slug if what == "other store" else shop.slug
    for path in (f"/s/{slug}/lines/{line}/review", f"/s/{slug}/reviews/{review.id}/follow-up"):
        assert browser.get(path).status == 404
        assert browser.client.post(path, headers=browser.origin).status_code in (403, 404)


def test_an_order_leads_to_its_review(shop: Shop) -> None:
    buyer = a_buyer()
    [line] = received_lines(shop, buyer)
    browser = signed_in(buyer)
    cards: Page = browser.get(f"/s/{shop.slug}/orders/")
    [order] = set(re.findall(rf"/s/{shop.slug}/orders/[0-9a-f-]{{36}}", cards.html))
    assert forms(shop, line) in browser.get(order).html
    write(shop, line, buyer)
    assert forms(shop, line) not in browser.get(order).html


def test_an_unpublished_product_shows_no_reviews(shop: Shop) -> None:
    assert Client().get(product(make_shop(), "/reviews")).status_code == 200
    assert Client().get(f"/s/{shop.slug}/p/nothing/reviews").status_code == 404
