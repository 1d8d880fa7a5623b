"""Money to persons through the channel's own protocol: what it answers, and what it tells, in our words."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.support.builders import Shop, make_shop
from tests.support.paying import PaySandbox
from tongdao.foundation.ids import token
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import ScopeNested, merchant_scope
from tongdao.party.merchants.operations import current_account
from tongdao.trade.payments.callbacks import Proven, prove, take_notification
from tongdao.trade.payments.gateways import (
    Credentials,
    Gateway,
    GatewayDown,
    GatewayRefused,
    TransferNotice,
    TransferTerms,
    gateway_for,
)
from tongdao.trade.payments.models import CallbackRecord, Verdict
from tongdao.trade.payments.operations.attempts import notify_url

REPORTS = (("岗位类型", "推广员"), ("报酬说明", "推广佣金"))


@pytest.fixture
def shop(sandbox: PaySandbox) -> Shop:
    made = make_shop((5_000,))
    sandbox.connect(made)
    return made


@pytest.fixture
def credentials(shop: Shop) -> Credentials:
    with merchant_scope(shop.merchant_id):
        account = current_account()
        assert account
        return Credentials.of(account)


@pytest.fixture
def gateway(credentials: Credentials) -> Gateway:
    return gateway_for(credentials)


@pytest.fixture
def terms(credentials: Credentials, sandbox: PaySandbox) -> TransferTerms:
    bill_no = f"T{token(24)}"
    sandbox.control("/modes", scope="transfer", key=bill_no, mode={"transfer_delay_seconds": 0})
    return TransferTerms(
        bill_no=bill_no,
        payee=f"o{token(27)}",
        amount_fen=Fen(1_230),
        remark="推广佣金",
        scene="1005",
        reports=REPORTS,
        notify_url=notify_url(credentials),
        name="林小满",
    )


def told(sandbox: PaySandbox, bill_no: str, state: str) -> tuple[str, dict[str, str], bytes]:
    """What the channel sends when the transfer ends so."""
    before = len(sandbox.received)
    sandbox.away = True
    sandbox.control("/settle_transfer", out_bill_no=bill_no, state=state)
    sandbox.control("/flush")
    sandbox.away = False
    assert len(sandbox.received) > before
    return sandbox.received[-1]


def test_it_waits_for_its_payee_and_arrives(
    gateway: Gateway, terms: TransferTerms, sandbox: PaySandbox
) -> None:
    made = gateway.transfer(terms)
    assert made.state == "waiting" and made.package and made.channel_no
    assert gateway.transfer(terms) == made
    sandbox.control("/settle_transfer", out_bill_no=terms.bill_no, state="SUCCESS")
    found = gateway.query_transfer(terms.bill_no)
    assert found == TransferNotice(terms.bill_no, "paid", made.channel_no, terms.amount_fen)


def test_it_is_taken_back_once_and_not_after_it_arrived(
    gateway: Gateway, terms: TransferTerms, sandbox: PaySandbox
) -> None:
    gateway.transfer(terms)
    assert gateway.cancel_transfer(terms.bill_no).state in ("accepted", "cancelled")
    sandbox.control("/settle_transfer", out_bill_no=terms.bill_no, state="CANCELLED")
    assert gateway.query_transfer(terms.bill_no).state == "cancelled"
    other = replace(terms, bill_no=f"T{token(24)}")
    gateway.transfer(other)
    sandbox.control("/settle_transfer", out_bill_no=other.bill_no, state="SUCCESS")
    with pytest.raises(GatewayRefused):
        gateway.cancel_transfer(other.bill_no)


def test_nobody_knows_of_an_unknown_one(gateway: Gateway, terms: TransferTerms) -> None:
    assert gateway.query_transfer(terms.bill_no) == TransferNotice(terms.bill_no, "unknown")


@pytest.mark.parametrize("kind", ["SYSTEM_ERROR_AFTER", "LOST_AFTER", "LOST_BEFORE", "SYSTEM_ERROR"])
def test_a_lost_answer_leaves_one_bill_whoever_asks_again(
    gateway: Gateway, terms: TransferTerms, sandbox: PaySandbox, kind: str
) -> None:
    sandbox.control("/faults", operation="transfer", key=terms.bill_no, kind=kind)
    with pytest.raises(GatewayDown):
        gateway.transfer(terms)
    known = gateway.query_transfer(terms.bill_no).state
    assert known == ("waiting" if kind.endswith("AFTER") else "unknown")
    assert gateway.transfer(terms).state == "waiting"


def test_what_the_channel_refuses_it_says(
    gateway: Gateway, terms: TransferTerms, sandbox: PaySandbox
) -> None:
    with pytest.raises(GatewayRefused) as refused:
        gateway.transfer(replace(terms, amount_fen=Fen(20_001)))
    assert refused.value.code == "INVALID_REQUEST"
    sandbox.control("/modes", scope="transfer", key=terms.bill_no, mode={"transfer_balance": "short"})
    with pytest.raises(GatewayRefused) as short:
        gateway.transfer(terms)
    assert short.value.code == "NOT_ENOUGH"


def test_nothing_is_sent_from_inside_a_scope(shop: Shop, gateway: Gateway, terms: TransferTerms) -> None:
    with merchant_scope(shop.merchant_id), pytest.raises(ScopeNested):
        gateway.transfer(terms)


def test_what_it_tells_is_proven_and_forged_or_stale_is_not(
    shop: Shop, gateway: Gateway, terms: TransferTerms, sandbox: PaySandbox
) -> None:
    gateway.transfer(terms)
    address, headers, body = told(sandbox, terms.bill_no, "FAIL")
    proven = prove(address, headers, body)
    assert isinstance(proven, Proven) and proven.merchant_id == shop.merchant_id
    assert isinstance(proven.notice, TransferNotice)
    assert (proven.notice.bill_no, proven.notice.state) == (terms.bill_no, "failed")
    assert prove(address, headers, body + b" ") == Verdict.FORGED
    late = headers | {"Wechatpay-Timestamp": "1"}
    assert prove(address, late, body) == Verdict.FORGED  # the timestamp is signed, too


def test_at_the_address_of_payments_it_is_about_nothing_known(
    shop: Shop, gateway: Gateway, terms: TransferTerms, sandbox: PaySandbox
) -> None:
    gateway.transfer(terms)
    assert take_notification(*told(sandbox, terms.bill_no, "SUCCESS")) == 404
    with merchant_scope(shop.merchant_id):
        assert Counter(CallbackRecord.objects.values_list("verdict", flat=True)) == {"unknown": 1}
