"""The formula stands on the page with its figures, and the page follows the log."""

from __future__ import annotations

from tests.crm.reputing import read_log, sold
from tests.faces.api.calling import a_guest
from tests.faces.promoter.support import make_earner, make_promoted_shop
from tests.faces.shop.browsing import Browser
from tests.trade.reviews.support import a_review, lines_of
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.operations import refund_lines


def test_it_is_told_with_its_formula_where_buyers_look() -> None:
    shop = make_promoted_shop()
    make_earner(shop)
    browser = Browser()
    about, goods = f"/s/{shop.slug}/about", f"/s/{shop.slug}/p/tea-1"
    assert "There is too little to tell yet." in browser.get(about).html
    assert "How it is computed" not in browser.get(goods).html
    for stars in (5, 4):
        a_review(shop, stars=stars)
    read_log()
    formula = "(10 × 4.0 + 9 stars) ÷ (10 + 2 reviews) = 4.08"
    for path in (about, goods):
        html = browser.get(path).html
        assert formula in html, path
        assert "4.08 of 5" in html, path
    assert "Sent in time" not in browser.get(about).html, "two orders tell of chance"
    told = a_guest().get(f"/stores/{shop.slug}/about")["reputation"]
    assert (told["score_hundredths"], told["counts"]) == (408, [0, 0, 0, 1, 1])
    assert told["in_time_bps"] is None


def test_each_figure_stands_with_its_formula_and_its_counts() -> None:
    earner = make_earner(make_promoted_shop())
    orders = [sold(earner) for _ in range(5)]
    line = lines_of(earner.shop, orders[0])[0]
    with merchant_scope(earner.shop.merchant_id):
        refund_lines(orders[0], {line: 1}, freight="none", reason="quality", actor=SYSTEM)
    read_log()
    about, goods = f"/s/{earner.shop.slug}/about", f"/s/{earner.shop.slug}/p/tea-1"
    browser, chinese = Browser(), Browser(language="zh-hans")
    said = browser.get(about).html
    for formula in (
        "Units given back 1 ÷ units sent 5 = 20.00\u00a0%",
        "Disputes 0 ÷ orders sent 5 = 0.00\u00a0%",
        "Against the shop 0, of 0 decided ÷ orders sent 5 = 0.00\u00a0%",
        "Sent by the promised moment 5 ÷ orders sent 5 = 100.00\u00a0%",
    ):
        assert formula in said, formula
    assert "Answered within" not in said, "nobody has waited yet"
    assert "longer than 24 hours" in said, "what counts is told all the same"
    assert "退款 1 件 ÷ 已发 5 件 = 20.00\u00a0%" in chinese.get(about).html
    for html in (browser.get(goods).html, earner.phone().get(earner.url("me")).content.decode()):
        assert "Units given back" in html and "20.00\u00a0%" in html
        assert f"{about}#how" in html, "the formula is one tap away"
    told = a_guest().get(f"/stores/{earner.shop.slug}/about")["reputation"]
    assert (told["units_back"], told["units_sent"], told["returned_bps"]) == (1, 5, 2_000)
    assert (told["disputes"], told["disputed_bps"], told["lost_bps"]) == (0, 0, 0)
    assert (told["waits"], told["answered_bps"], told["seconds_to_reply"]) == (0, None, None)
