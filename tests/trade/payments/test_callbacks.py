"""What comes to the callback address: believed once, refused and recorded when forged, stale or replayed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from tests.support.builders import Shop, a_request, make_shop, place_one
from tests.support.paying import PaySandbox
from tests.support.statements import sent_statements
from tongdao.finance.ledger.models import Posting
from tongdao.foundation import clock
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.operations import current_account
from tongdao.trade.orders.models import Order
from tongdao.trade.payments import callbacks
from tongdao.trade.payments.callbacks import take_notification
from tongdao.trade.payments.models import CallbackRecord, PaymentAttempt

Message = tuple[str, dict[str, str], bytes]


@pytest.fixture
def shop(sandbox: PaySandbox) -> Shop:
    made = make_shop((5_000,))
    sandbox.connect(made)
    return made


@pytest.fixture
def message(shop: Shop, sandbox: PaySandbox) -> Message:
    """A genuine notification that has not reached us: the sandbox sent it to a shop that was away."""
    request = a_request(shop)
    trade_no = sandbox.open(shop, place_one(request, shop), request.person_id)
    with merchant_scope(shop.merchant_id):
        PaymentAttempt.objects.filter(trade_no=trade_no).update(check_at=clock.now() + timedelta(days=1))
    sandbox.away = True
    sandbox.pay(trade_no)
    sandbox.away = False
    return sandbox.received[-1]


def verdicts(shop: Shop) -> Counter[str]:
    with merchant_scope(shop.merchant_id):
        return Counter(CallbackRecord.objects.values_list("verdict", flat=True))


def state(shop: Shop) -> str:
    with merchant_scope(shop.merchant_id):
        return Order.objects.get().state


def test_a_genuine_message_counts_once(shop: Shop, message: Message) -> None:
    token, headers, body = message
    assert take_notification(token, headers, body) == 200
    assert state(shop) == "paid"
    assert take_notification(token, headers, body) == 409
    assert verdicts(shop) == {"accepted": 1, "replayed": 1}
    with merchant_scope(shop.merchant_id):
        assert Posting.objects.filter(source__code="external.buyer").count() == 1


def test_a_second_notification_of_the_same_payment_changes_nothing(
    shop: Shop, sandbox: PaySandbox, message: Message
) -> None:
    take_notification(*message)
    sandbox.control("/flush")  # the sandbox tries again, with another nonce
    _, headers, _ = sandbox.received[-1]
    assert headers["Wechatpay-Nonce"] != message[1]["Wechatpay-Nonce"]
    assert sandbox.statuses[-1] == 200
    with merchant_scope(shop.merchant_id):
        assert Posting.objects.filter(source__code="external.buyer").count() == 1


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Wechatpay-Signature", "AAAA"),
        ("Wechatpay-Timestamp", "1"),
        ("Wechatpay-Nonce", "another"),
        ("Wechatpay-Serial", "PUB_KEY_ID_0000"),
        ("Wechatpay-Signature-Type", "NONE"),
    ],
)
def test_a_message_with_another_header_is_forged(
    shop: Shop, message: Message, header: str, value: str
) -> None:
    token, headers, body = message
    assert take_notification(token, {**headers, header: value}, body) == 401
    assert (verdicts(shop), state(shop)) == ({"forged": 1}, "placed")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff\xfe", b'{"resource": 1}', b"x" * 100_000])
def test_a_message_with_another_body_is_forged(shop: Shop, message: Message, body: bytes) -> None:
    token, headers, _ = message
    assert take_notification(token, headers, body) == 401
    assert (verdicts(shop), state(shop)) == ({"forged": 1}, "placed")


def test_a_genuine_message_of_long_ago_is_stale(shop: Shop, message: Message) -> None:
    with clock.shifted(timedelta(minutes=6)):
        assert take_notification(*message) == 401
    assert (verdicts(shop), state(shop)) == ({"stale": 1}, "placed")


def test_another_merchants_message_is_forged_here(sandbox: PaySandbox, message: Message) -> None:
    other = make_shop((5_000,))
    papers = sandbox.control("/merchants", name="别家")
    sandbox.connect(other, papers=papers)
    with merchant_scope(other.merchant_id):
        token = current_account().callback_token
    assert take_notification(token, message[1], message[2]) == 401
    assert verdicts(other) == {"forged": 1}


def test_an_unknown_address_is_not_found(message: Message) -> None:
    with pytest.raises(NotFound):
        take_notification("nobody", message[1], message[2])


def test_a_request_that_waits_for_the_batch_holds_no_connection(shop: Shop, message: Message) -> None:
    """The account is read once a second at most; the batch is written by the committer's own connection."""
    assert take_notification(*message) == 200
    assert connection.connection is None, "given back before the wait"
    with sent_statements() as sent:
        assert take_notification(*message) == 409
    assert sent == []


def test_an_address_that_was_made_up_is_not_kept() -> None:
    kept = len(callbacks._accounts)
    for number in range(3):
        with pytest.raises(NotFound):
            take_notification(f"made-up-{number}", {}, b"")
    assert len(callbacks._accounts) == kept
