"""The order's page tells its after-sale cases among what happened; the promoter's page does not."""

from __future__ import annotations

import re
from html import unescape

from tests.faces.console.support import Desk
from tests.faces.shop.test_cases import FOR_SELLER, case_path, shop_path
from tests.faces.shop.test_reviews import signed_in
from tests.support.complaining import Sale, do, heard, sold
from tongdao.faces.promoter.words import clawed_words
from tongdao.foundation.actors import Actor
from tongdao.foundation.ids import uuid7
from tongdao.party.merchants.models import Role
from tongdao.trade.aftersales.models import AfterSale, Side
from tongdao.trade.aftersales.operations import grant_case, receive_return, send_back
from tongdao.trade.aftersales.reasons import REASONS
from tongdao.trade.disputes.operations import appeal, rule_dispute

STEP = re.compile(r'<li class="done"[^>]*>\s*<strong>(.*?)</strong>', re.S)
LINK = re.compile(r'<a class="tap" href="([^"]+)">(.*?)</a>', re.S)


def told(html: str) -> list[tuple[str, str]]:
    """(title, where it leads) of what happened."""
    found = []
    for words in STEP.findall(html):
        link = LINK.fullmatch(words.strip())
        found.append((unescape(link[2]), link[1]) if link else (unescape(words.strip()), ""))
    return found


def sent_back() -> tuple[Sale, AfterSale]:
    sale = sold(3)
    case = sale.ask("return_refund", "no_reason", 1)
    sale.do(send_back, case, "zhongtong", "ZT12345678", actor=sale.buyer)
    sale.do(receive_return, case, {sale.line.id: 1})
    sale.do(grant_case, case)
    return sale, case


def test_the_buyer_reads_each_step_in_its_time_with_the_way_to_the_case() -> None:
    sale, case = sent_back()
    order = shop_path(sale, f"orders/{sale.order_id}")
    steps = told(signed_in(sale.buyer).get(order).html)
    there = case_path(sale, case)
    assert [title for title, url in steps if url == there] == [
        "You asked: Return and money back",
        "Agreed at once",
        "You sent the goods back",
        "The shop has the goods",
        "The money was granted",
    ]
    assert [title for title, url in steps if not url][:2] == ["Ordered", "Paid"]
    assert told(signed_in(sold(1).buyer).get(order).html) == [], "nobody else reads it"


def test_staff_read_the_dispute_with_the_way_to_its_case() -> None:
    sale, case, dispute = heard()
    do(sale, rule_dispute, dispute.id, FOR_SELLER, actor=Actor("operator", uuid7()))
    do(sale, appeal, dispute.id, "不同意。", side=Side.BUYER, actor=sale.buyer)
    desk = Desk(sale.earner.shop)
    client = desk.client(Role.SERVICE)
    html = client.get(desk.url("order", order_id=sale.order_id), headers={"accept-language": "en"})
    there = desk.url("case", case_id=case.id)
    assert [title for title, url in told(html.content.decode()) if url == there] == [
        "After-sale case opened",
        "Refused",
        "The platform was called",
        "More was said to the platform",
        "The platform has ruled",
        "The ruling was appealed",
    ]
    mine = signed_in(sale.buyer).get(shop_path(sale, f"orders/{sale.order_id}")).html
    assert [title for title, url in told(mine) if url][-3:] == [
        "You asked the platform to decide",
        "The platform ruled",
        "You appealed",
    ]


def test_a_promoter_reads_nothing_of_it() -> None:
    sale, case = sent_back()
    page = sale.earner.phone("en").get(sale.earner.url("order", order_id=sale.order_id))
    html = page.content.decode()
    assert page.status_code == 200 and str(case.id) not in html and "You asked" not in html
    assert "7-day return, no reason needed" in html, "why the share was given up"


def test_a_promoter_is_told_each_reason_of_a_case_in_words() -> None:
    codes = {code for codes in REASONS.values() for code in codes}
    assert [code for code in codes if clawed_words(code) == code] == []
