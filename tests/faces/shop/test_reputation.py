"""The formula stands on the page with its figures, and the page follows the log."""

from __future__ import annotations

from tests.faces.api.calling import a_guest
from tests.faces.promoter.support import make_earner, make_promoted_shop
from tests.faces.shop.browsing import Browser
from tests.trade.reviews.support import a_review
from tongdao.foundation.events.loop import run_pending


def test_it_is_told_with_its_formula_where_buyers_look() -> None:
    shop = make_promoted_shop()
    make_earner(shop)
    browser = Browser()
    about, goods = f"/s/{shop.slug}/about", f"/s/{shop.slug}/p/tea-1"
    assert "There is too little to tell yet." in browser.get(about).html
    assert "How it is computed" not in browser.get(goods).html
    for stars in (5, 4):
        a_review(shop, stars=stars)
    while run_pending():
        continue
    formula = "(10 × 4.0 + 9 stars) ÷ (10 + 2 reviews) = 4.08"
    for path in (about, goods):
        html = browser.get(path).html
        assert formula in html, path
        assert "4.08 of 5" in html, path
    assert "Sent in time" not in browser.get(about).html, "two orders tell of chance"
    told = a_guest().get(f"/stores/{shop.slug}/about")["reputation"]
    assert (told["score_hundredths"], told["counts"]) == (408, [0, 0, 0, 1, 1])
    assert told["in_time_bps"] is None
