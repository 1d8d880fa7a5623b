"""What a side says stands once, however often it is sent: a double tap, or a request that is sent again."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from tests.support.complaining import STAFF, Sale, disputed, do, heard, sold
from tests.trade.reviews.support import a_photo
from tongdao.foundation.actors import Actor
from tongdao.foundation.attachments import Kept, path_of
from tongdao.foundation.events import Event
from tongdao.foundation.idempotency import BadRequestKey
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import merchant_scope
from tongdao.trade.aftersales.models import AfterSaleFile, AfterSaleWord, Side
from tongdao.trade.aftersales.operations import add_words
from tongdao.trade.aftersales.posting import ROOM, post
from tongdao.trade.aftersales.refusals import CaseMoved, CaseWordsChanged
from tongdao.trade.disputes.models import Dispute, Statement, StatementFile
from tongdao.trade.disputes.operations import Decision, appeal, rule_dispute, state_case
from tongdao.trade.disputes.refusals import DisputeMoved

KEY = "tap-1f0c9b2e"
ARBITER = Actor("operator", uuid7())


def stated(sale: Sale) -> tuple[list[str], int]:
    """What stands there, and how often the log tells of more."""
    with merchant_scope(sale.earner.shop.merchant_id):
        said = list(Statement.objects.order_by("said_at", "id").values_list("text", flat=True))
        return said, Event.objects.filter(name="dispute.stated").count()


def show(sale: Sale, dispute: Dispute, text: str = "新照片", key: str = KEY, *, photos: int = 1) -> None:
    def say(kept: Sequence[Kept]) -> None:
        state_case(dispute.id, text, kept, side=Side.BUYER, actor=buyer, key=key)

    buyer = sale.buyer
    files = [io.BytesIO(a_photo()) for _ in range(photos)]
    post(sale.earner.shop.merchant_id, say, files, keeps=StatementFile)


def on_disk(sale: Sale) -> int:
    room = path_of(f"{sale.earner.shop.merchant_id}/{ROOM}")
    return sum(1 for file in room.rglob("*") if file.is_file()) if room.exists() else 0


def test_a_statement_that_is_sent_again_stands_once_with_what_it_showed() -> None:
    sale, _, dispute = disputed()
    for _ in range(3):
        show(sale, dispute)
    assert stated(sale) == (["茶叶受潮，照片为证", "新照片"], 1)
    with merchant_scope(sale.earner.shop.merchant_id):
        assert StatementFile.objects.count() == 1
    assert on_disk(sale) == 1, "the pictures that came again belong to nothing and are gone"
    show(sale, dispute, key="another-tap")
    assert stated(sale)[1] == 2


def test_the_same_key_is_not_for_other_words_other_pictures_or_somebody_else() -> None:
    sale, _, dispute = disputed()
    show(sale, dispute)
    for text, photos in (("别的话", 1), ("新照片", 2), ("新照片", 0)):
        with pytest.raises(CaseWordsChanged):
            show(sale, dispute, text, photos=photos)
    with pytest.raises(CaseWordsChanged):
        do(sale, state_case, dispute.id, "新照片", side=Side.SELLER, actor=STAFF, key=KEY)
    with pytest.raises(BadRequestKey):
        show(sale, dispute, key="short")
    assert stated(sale)[1] == 1


def test_a_refused_sending_uses_up_no_key() -> None:
    sale, _, dispute = heard()
    do(sale, rule_dispute, dispute.id, Decision("seller", "evidence", "证据不足。"), actor=ARBITER)
    with pytest.raises(DisputeMoved):
        show(sale, dispute)
    do(sale, appeal, dispute.id, "不服", side=Side.BUYER, actor=sale.buyer)
    show(sale, dispute)
    assert stated(sale)[0][-1] == "新照片"


def test_what_was_said_in_time_is_answered_as_said_when_it_comes_again_too_late() -> None:
    sale, case, dispute = heard()
    show(sale, dispute)
    word = {"side": Side.BUYER, "actor": sale.buyer, "key": KEY + "-word"}
    do(sale, add_words, case.id, "补充", **word)
    do(sale, rule_dispute, dispute.id, Decision("seller", "evidence", "证据不足。"), actor=ARBITER)
    again = {"side": Side.BUYER, "actor": sale.buyer, "key": KEY + "-appeal"}
    for _ in range(2):
        assert do(sale, appeal, dispute.id, "不服", **again).state == "appealed"
    other = Actor("operator", uuid7())
    do(sale, rule_dispute, dispute.id, Decision("seller", "evidence", "维持。"), actor=other)
    show(sale, dispute)
    do(sale, add_words, case.id, "补充", **word)
    do(sale, appeal, dispute.id, "不服", **again)
    with pytest.raises(CaseMoved):
        do(sale, add_words, case.id, "又一句", side=Side.BUYER, actor=sale.buyer)
    with merchant_scope(sale.earner.shop.merchant_id):
        assert AfterSaleWord.objects.filter(text="补充").count() == 1
        assert Event.objects.filter(name="dispute.appealed").count() == 1
    assert [text for text in stated(sale)[0] if text in ("新照片", "不服")] == ["新照片", "不服"]


def test_words_and_pictures_of_a_case_stand_once_too() -> None:
    sale = sold(2)
    case = sale.ask("refund_only", "quality")

    def say(kept: Sequence[Kept]) -> None:
        add_words(case.id, "看图", kept, side=Side.SELLER, actor=STAFF, key=KEY)

    for _ in range(2):
        post(sale.earner.shop.merchant_id, say, [io.BytesIO(a_photo())])
    with merchant_scope(sale.earner.shop.merchant_id):
        assert (AfterSaleWord.objects.count(), AfterSaleFile.objects.count()) == (1, 1)


@pytest.mark.parametrize(("key", "written"), [(KEY, 1), ("", 2)], ids=["with a key", "without one"])
def test_two_taps_at_once(key: str, written: int) -> None:
    """Without a key nobody can tell the second tap from a second thought: the negative control."""
    sale, _, dispute = disputed()
    buyer, ready = sale.buyer, Barrier(2)

    def tap(_: int) -> None:
        ready.wait()
        try:
            do(sale, state_case, dispute.id, "两次点击", side=Side.BUYER, actor=buyer, key=key)
        finally:
            connections.close_all()

    run_both(tap)
    said, told = stated(sale)
    assert (said.count("两次点击"), told) == (written, written)


def run_both(tap: Callable[[int], None]) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(tap, range(2)))
