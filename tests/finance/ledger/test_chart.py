"""Only accounts of the chart can be named, and only as the chart has them."""

from __future__ import annotations

import pytest

from tongdao.finance.ledger.chart import CHART, AccountRef, UnknownAccount, read_code
from tongdao.foundation.ids import uuid7

pytestmark = pytest.mark.pure

OWNED = [name for name, kind in CHART.items() if kind.owner != "none"]
UNOWNED = [name for name, kind in CHART.items() if kind.owner == "none"]


@pytest.mark.parametrize("name", ["", "held", "held.buyer", "external", "released.seller ", "Buyer_funds"])
def test_an_unknown_kind_is_refused(name: str) -> None:
    with pytest.raises(UnknownAccount):
        AccountRef(name)


@pytest.mark.parametrize("name", OWNED)
def test_an_owned_account_needs_its_owner(name: str) -> None:
    with pytest.raises(UnknownAccount):
        AccountRef(name)
    owner = uuid7()
    assert AccountRef(name, owner).code == f"{name}:{owner}"


@pytest.mark.parametrize("name", UNOWNED)
def test_an_account_of_nobody_has_no_owner(name: str) -> None:
    with pytest.raises(UnknownAccount):
        AccountRef(name, uuid7())
    assert AccountRef(name).code == name


@pytest.mark.parametrize("name", CHART)
def test_a_code_names_its_account(name: str) -> None:
    account = AccountRef(name, uuid7() if name in OWNED else None)
    assert read_code(account.code) == account
    assert len(account.code) <= 80, "the column's width"


@pytest.mark.parametrize("code", ["held.seller", "held.seller:", "held.seller:7", "channel_fee:x", "nothing"])
def test_a_broken_code_names_none(code: str) -> None:
    with pytest.raises(UnknownAccount):
        read_code(code)


@pytest.mark.parametrize("name", CHART)
def test_every_kind_is_explained(name: str) -> None:
    assert len(CHART[name].explanation) > 20
    assert CHART[name].explanation.endswith(".")


def test_what_is_paid_out_has_a_floor_and_what_every_committer_touches_has_none() -> None:
    limited = {name for name, kind in CHART.items() if kind.limited}
    released = {f"released.{who}" for who in ("seller", "supplier", "partner", "promoter")}
    assert limited == {*released, "claimed.promoter", "owed_back.promoter"}


@pytest.mark.parametrize("name", CHART)
def test_a_limit_and_a_sign_agree(name: str) -> None:
    kind = CHART[name]
    assert kind.floor in (None, 0) and kind.ceiling in (None, 0)
    assert not (kind.floor is not None and kind.sign != ">=0")
    assert not (kind.ceiling is not None and kind.sign != "<=0")


def test_each_account_has_a_subject_of_its_own_in_the_merchants_own_books() -> None:
    codes = [kind.subject.code for kind in CHART.values()]
    assert len(set(codes)) == len(codes) and all(code.isdigit() and len(code) == 6 for code in codes)


PARTIES = {
    "buyers' funds at the channel": {"external.buyer", "channel_fee"},
    "claims of orders": {"buyer_funds", "refund_due"},
    "sellers": {"held.seller", "released.seller"},
    "suppliers": {"held.supplier", "released.supplier"},
    "partners": {"held.partner", "released.partner"},
    "promoters": {"held.promoter", "released.promoter", "claimed.promoter", "owed_back.promoter"},
    "what was paid out": {"external.payee"},
    "tax": {"tax_withheld"},
    "fees": {"platform_fee", "channel_fee"},
    "discounts borne by others": {"coupon_cost"},
}


def test_every_party_of_a_sale_has_its_accounts_and_every_account_its_party() -> None:
    assert set().union(*PARTIES.values()) == CHART.keys()
