"""Reviews at the desk: finding, answering, folding, and what a role may not."""

from __future__ import annotations

import pytest

from tests.faces.console.support import Desk, make_desk
from tests.trade.reviews.support import OPERATOR, a_review, writer_of
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.trade.reviews.models import Review
from tongdao.trade.reviews.operations import Said, add_follow_up, take_down_review


@pytest.fixture(scope="module")
def desk(cluster: object) -> Desk:
    return make_desk(stock=100)


def page(desk: Desk, role: Role = Role.OWNER, **query: str) -> str:
    answer = desk.client(role).get(desk.url("reviews"), query, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def one(desk: Desk, review: Review, role: Role = Role.OWNER) -> str:
    path = desk.url("review", review_id=review.id)
    return desk.client(role).get(path, headers={"accept-language": "en"}).content.decode()


def send(desk: Desk, name: str, review: Review, role: Role = Role.OWNER, **typed: str) -> tuple[int, str]:
    path = desk.url(name, review_id=review.id)
    answer = desk.client(role).post(path, typed, headers={"accept-language": "en"})
    return answer.status_code, answer.content.decode()


def state(desk: Desk, review: Review) -> Review:
    with merchant_scope(desk.shop.merchant_id):
        return Review.objects.get(pk=review.id)


def test_lists_by_view_words_and_stars() -> None:
    desk = make_desk(stock=100)
    good, bad, folded, gone = (
        a_review(desk.shop, stars=stars, text=text)
        for stars, text in ((5, "香气高扬"), (1, "味道寡淡"), (4, "加我微信"), (2, "违法"))
    )
    send(desk, "review_answer", good, text="谢谢您。")
    send(desk, "review_fold", folded, reason="advertising")
    with merchant_scope(desk.shop.merchant_id):
        take_down_review(gone.id, reason="unlawful", actor=OPERATOR)
    rows = {"good": good, "bad": bad, "folded": folded, "gone": gone}

    def found(**query: str) -> set[str]:
        html = page(desk, **query)
        return {name for name, row in rows.items() if str(row.id) in html}

    assert found() == set(rows)
    assert found(show="open") == {"bad", "folded"}
    assert found(show="low") == {"bad"}
    assert found(show="folded") == {"folded"}
    assert found(show="gone") == {"gone"}
    assert found(show="pictures") == set()
    assert found(q="寡淡") == {"bad"}
    assert found(q="云雾茶") == set(rows)
    assert found(stars="5") == {"good"}
    assert found(q="没有的词") == set()
    with merchant_scope(desk.shop.merchant_id):
        add_follow_up(good.id, said=Said("又买"), actor=writer_of(good))
    assert found(show="open") == {"good", "bad", "folded"}


def test_a_page_leads_on_by_key() -> None:
    desk = make_desk(stock=100)
    first = a_review(desk.shop)
    for _ in range(50):
        last = a_review(desk.shop)
    html = page(desk)
    assert str(first.id) not in html and str(last.id) in html
    assert str(first.id) in page(desk, before=str(first.id)) or "before=" in html


def test_an_answer_is_kept_when_it_is_refused_and_given_once(desk: Desk) -> None:
    review = a_review(desk.shop)
    status, html = send(desk, "review_answer", review, text="全网最低价，谢谢")
    assert (status, "words that advertising may not use" in html, "全网最低价，谢谢" in html) == (
        422,
        True,
        True,
    )
    assert send(desk, "review_answer", review, text="谢谢您。")[0] == 302
    assert send(desk, "review_answer", review, text="再说一句")[0] == 409
    assert "谢谢您。" in one(desk, review) and 'id="answer"' not in one(desk, review)
    with merchant_scope(desk.shop.merchant_id):
        add_follow_up(review.id, said=Said("又买了"), actor=writer_of(review))
    assert "Answer the follow-up" in one(desk, review)
    assert send(desk, "review_answer", review, text="欢迎再来。", to="follow_up")[0] == 302
    assert state(desk, review).follow_up_answer == "欢迎再来。"


def test_folding_needs_a_reason_and_is_taken_back(desk: Desk) -> None:
    review = a_review(desk.shop, stars=1)
    status, html = send(desk, "review_fold", review, reason="too_bad")
    assert status == 422 and "A low rating is none." in html
    assert send(desk, "review_fold", review, reason="insulting")[0] == 302
    assert (state(desk, review).state, "It insults somebody" in one(desk, review)) == ("folded", True)
    assert send(desk, "review_unfold", review)[0] == 302
    assert state(desk, review).state == "shown"


def test_a_role_is_offered_what_it_may_do(desk: Desk) -> None:
    review = a_review(desk.shop)
    offered = {
        role: ('id="answer"' in one(desk, review, role), "/fold" in one(desk, review, role))
        for role in (Role.OWNER, Role.OPERATIONS, Role.SERVICE, Role.READ_ONLY)
    }
    assert offered == {
        Role.OWNER: (True, True),
        Role.OPERATIONS: (True, True),
        Role.SERVICE: (True, False),
        Role.READ_ONLY: (False, False),
    }
    assert send(desk, "review_fold", review, Role.SERVICE, reason="insulting")[0] == 403
    assert send(desk, "review_answer", review, Role.READ_ONLY, text="谢谢")[0] == 403


def test_a_tombstone_offers_nothing(desk: Desk) -> None:
    review = a_review(desk.shop, text="违法的话")
    with merchant_scope(desk.shop.merchant_id):
        take_down_review(review.id, reason="court_order", actor=OPERATOR)
    html = one(desk, review)
    assert "By order of a court" in html and "违法的话" not in html
    assert 'id="answer"' not in html and "/fold" not in html
    assert send(desk, "review_answer", review, text="谢谢")[0] == 409
