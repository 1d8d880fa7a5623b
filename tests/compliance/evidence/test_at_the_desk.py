"""The shop takes its own case along: what it may see, nothing of the platform's own, and nobody else's."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.compliance.evidence.test_bundle import PICTURE, heard_with_picture
from tests.faces.console.support import Desk, make_desk
from tests.faces.operator.support import make_operator
from tests.support.complaining import do
from tongdao.faces.console.bundle_words import named
from tongdao.foundation.events import Event
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.permissions import MATRIX
from tongdao.party.people.sign_in import BACKEND
from tongdao.trade.disputes.operations import Decision, rule_dispute

EVENT = "after_sale.exported"


def parts_of(answer: Any) -> dict[str, bytes]:
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip"), answer.status_code
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def takings(desk: Desk) -> list[tuple[str, Any]]:
    with merchant_scope(desk.shop.merchant_id):
        return [(row.actor_kind, row.actor) for row in Event.objects.filter(name=EVENT)]


def test_the_shop_takes_what_it_may_see_and_that_is_kept() -> None:
    sale, case, dispute = heard_with_picture()
    arbiter = make_operator().actor
    ruling = Decision("seller", "evidence", "证据不足，驳回。")
    do(sale, rule_dispute, dispute.id, ruling, actor=arbiter)
    desk = Desk(sale.earner.shop)
    browser = desk.client(Role.OWNER)
    page = browser.get(desk.url("case", case_id=case.id)).content.decode()
    assert f'action="{desk.url("case_bundle", case_id=case.id)}"' in page
    parts = parts_of(browser.post(desk.url("case_bundle", case_id=case.id)))
    assert {"case.pdf", "events.jsonl", "ledger.jsonl", "ledger-days.json", "SHA256SUMS"} <= parts.keys()
    assert PICTURE in parts.values()
    names = [json.loads(line)["name"] for line in parts["events.jsonl"].splitlines()]
    assert {"order.placed", "after_sale.requested", "dispute.ruled"} <= set(names)
    assert str(arbiter.id) not in b"".join(parts.values()).decode(errors="ignore"), "who ruled stays inside"
    assert [kind for kind, _ in takings(desk)] == ["staff"]


def test_who_may_not_read_the_books_gets_their_seals_alone() -> None:
    sale, case, _ = heard_with_picture()
    desk = Desk(sale.earner.shop)
    assert "money.read" not in MATRIX[Role.SERVICE] and "orders.serve" in MATRIX[Role.SERVICE]
    parts = parts_of(desk.client(Role.SERVICE).post(desk.url("case_bundle", case_id=case.id)))
    assert "ledger.jsonl" not in parts
    (day,) = json.loads(parts["ledger-days.json"])
    assert day["seal"] is None and "ledger.jsonl" not in parts["SHA256SUMS"].decode()


def test_nobody_else_takes_it() -> None:
    """Another merchant by either address; a role that may not; the promoter; a stranger."""
    sale, case, _ = heard_with_picture()
    desk, other = Desk(sale.earner.shop), make_desk()
    there, elsewhere = desk.url("case_bundle", case_id=case.id), other.url("case_bundle", case_id=case.id)
    theirs = other.client(Role.OWNER)
    assert theirs.post(there).status_code == 404
    assert theirs.post(elsewhere).status_code == 404
    for role in Role:
        if "orders.serve" not in MATRIX[role]:
            assert desk.client(role).post(there).status_code == 403, role
    assert {role for role in Role if "orders.serve" not in MATRIX[role]}, "there is such a role"
    promoter = Client()
    promoter.force_login(sale.earner.person, backend=BACKEND)
    assert promoter.post(there).status_code in (302, 404)
    assert Client().post(there).status_code == 302
    unknown = desk.url("case_bundle", case_id=uuid4())
    assert desk.client(Role.OWNER).post(unknown).status_code == 404
    assert takings(desk) == takings(other) == []


@pytest.mark.parametrize("sort", ["kind", "state", "side", "step", "outcome", "event", "actor", "rule"])
def test_a_code_without_a_name_stands_for_itself(sort: str) -> None:
    assert named(sort, "quite_new") == "quite_new"
