"""The arbiter's desk: the whole case on one page, a ruling by a form, files to who may act, all on record."""

from __future__ import annotations

from uuid import UUID

from django.utils.html import escape

from tests.faces.operator.support import Someone, at, make_operator
from tests.support.complaining import STAFF, disputed, do, heard, keep_privately, sold
from tongdao.foundation.attachments import Kept
from tongdao.foundation.models import OperatorDeed
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.people.models import PlatformRole
from tongdao.trade.aftersales.models import Side
from tongdao.trade.aftersales.operations import add_words, refuse_case
from tongdao.trade.disputes.models import Dispute
from tongdao.trade.disputes.operations import appeal, open_dispute, rule_dispute
from tongdao.trade.disputes.operations.ruling import Decision

REASON = "照片与描述不符，支持买家的请求。"


def page(operator: Someone, dispute_id: UUID) -> str:
    answer = operator.browser().get(at("dispute", dispute_id))
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_the_whole_case_stands_on_one_page_and_who_read_it_is_kept(operator: Someone) -> None:
    sale, _, dispute = heard()
    told = page(operator, dispute.id)
    for words in (
        sale.order.number,
        "茶叶受潮，照片为证",
        "包装完好",
        "出库前有质检",
        sale.line.title,
        "¥128.00",
    ):
        assert escape(words) in told, words
    page(operator, dispute.id)
    deeds = OperatorDeed.objects.filter(act="dispute.read", subject_id=str(dispute.id))
    assert [deed.person_id for deed in deeds] == [operator.person.pk], "once"


def test_an_observer_reads_none_of_it() -> None:
    _, _, dispute = heard()
    observer = make_operator(PlatformRole.OBSERVER).browser()
    for url in (at("dispute", dispute.id), at("dispute_rule", dispute.id)):
        assert observer.get(url).status_code == 403
    assert observer.get(at("disputes")).status_code == 200


def test_a_ruling_is_typed_heard_again_and_carried_out(operator: Someone) -> None:
    sale, _, dispute = heard()
    browser, url = operator.browser(), at("dispute_rule", dispute.id)
    assert "128.00" in browser.get(url).content.decode()
    for wrong in (
        {"outcome": "part", "rule": "fairness"},
        {"outcome": "part", "rule": "fairness", "yuan": "1.005"},
        {"outcome": "buyer"},
        {"outcome": "x", "rule": "quality"},
    ):
        assert browser.post(url, {"reason": REASON, **wrong}).status_code == 422
    typed = {"outcome": "part", "yuan": "64.00", "rule": "fairness", "reason": REASON}
    assert browser.post(url, typed).status_code == 302
    assert "64.00" in page(operator, dispute.id)
    do(sale, appeal, dispute.id, "仍不同意", side=Side.SELLER, actor=STAFF)
    again = browser.post(url, typed)
    assert again.status_code == 409, "somebody else has to look"
    other = make_operator()
    assert other.browser().post(at("dispute_rule", dispute.id), typed).status_code == 302
    assert sale.refunds() == [6_400]
    assert REASON in page(other, dispute.id)


def test_whether_goods_come_first_is_asked_where_there_are_any_to_come(operator: Someone) -> None:
    for kind, asked in (("refund_only", False), ("return_refund", True)):
        sale = sold(1)
        case = sale.ask(kind, "quality")
        sale.do(refuse_case, case, "as_described", text="出库前有质检")
        dispute = do(sale, open_dispute, case.id, "受潮", side=Side.BUYER, actor=sale.buyer)
        shown = operator.browser().get(at("dispute_rule", dispute.id)).content.decode()
        assert ('name="goods_back"' in shown) == asked


def test_a_ruling_that_is_sent_twice_stands_once(operator: Someone) -> None:
    sale, _, dispute = heard()
    browser, url = operator.browser(), at("dispute_rule", dispute.id)
    typed = {"outcome": "buyer", "rule": "quality", "reason": REASON}
    assert [browser.post(url, typed).status_code for _ in range(2)] == [302, 409]
    with merchant_scope(sale.earner.shop.merchant_id):
        assert dispute.rulings.count() == 1
    assert OperatorDeed.objects.filter(act="dispute.rule", subject_id=str(dispute.id)).count() == 1


def test_the_list_says_what_is_to_be_decided(operator: Someone) -> None:
    _, _, waiting = disputed()
    sale, _, ready = heard()
    browser = operator.browser()

    def listed(state: str, dispute: Dispute) -> bool:
        """Looked for by its id: other tests' disputes fill pages."""
        told = browser.get(at("disputes"), {"state": state, "q": str(dispute.id)}).content.decode()
        return at("dispute", dispute.id) in told

    assert listed("decide", ready) and not listed("decide", waiting)
    assert listed("hearing", waiting) and not listed("hearing", ready)
    do(sale, rule_dispute, ready.id, Decision("seller", "evidence", REASON), actor=operator.actor)
    assert listed("ruled", ready) and not listed("decide", ready)


def test_what_a_side_showed_is_seen_by_who_may_act_and_cannot_run(operator: Someone) -> None:
    sale, case, dispute = heard()
    merchant_id = sale.earner.shop.merchant_id
    file = f"{merchant_id}/aftersales/{'a' * 24}.webp"
    keep_privately(file, b"RIFF0000WEBP")
    kept = Kept(file=file, type="image/webp", bytes=12, width=1, height=1, sha256="0" * 64)
    with merchant_scope(merchant_id):
        add_words(case.id, "外包装照片", [kept], side=Side.SELLER, actor=STAFF)
        row = Dispute.objects.get(pk=dispute.id).aftersale.words.get(text="外包装照片").file_rows.get()
    url = at("dispute_file", dispute.id, "case", row.pk)
    assert url in page(operator, dispute.id)
    answer = operator.browser().get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert make_operator(PlatformRole.OBSERVER).browser().get(url).status_code == 403
    other = heard()[2]
    assert operator.browser().get(at("dispute_file", other.id, "case", row.pk)).status_code == 404
