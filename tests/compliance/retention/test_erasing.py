"""Being erased: what goes, what stays, who is in the way, and that no kill leaves it half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.compliance.retention.support import Known, a_known_person, erased
from tests.conftest import Cluster
from tests.faces.console.support import paid_order
from tests.support.builders import a_request, make_shop, place_one
from tests.support.people import a_proof, with_number, with_password
from tests.tenancy.catalogue import superuser, tables
from tongdao.compliance.retention.models import Erasure
from tongdao.compliance.retention.operations import (
    ask_erasure,
    erase_due,
    sweep_erasures,
    withdraw_erasure,
)
from tongdao.compliance.retention.queries import preview_erasure
from tongdao.compliance.retention.refusals import ErasureAskedAlready, ErasureBlocked, NothingToWithdraw
from tongdao.foundation import clock
from tongdao.foundation.actors import Actor
from tongdao.foundation.events import Event
from tongdao.foundation.personal import HOLDINGS
from tongdao.foundation.pii import EncryptedTextField, blind_index
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role, StaffMember
from tongdao.party.merchants.operations import add_staff
from tongdao.party.people.accounts import open_account
from tongdao.party.people.models import AccessToken, Identity, Person
from tongdao.party.people.refusals import SignInFailed
from tongdao.trade.lookup.handlers import phone_key
from tongdao.trade.lookup.models import OrderKey
from tongdao.trade.orders.models import CartLine, DeliveryAddress, Order
from tongdao.trade.reviews.models import Review, ReviewPicture
from tongdao.trade.reviews.queries import views_of

AFTER = timedelta(days=8)


def opened(known: Known) -> list[str]:
    """Every sealed value that the two shops and the house's own tables hold, opened with our keys."""
    merchants = {shop.merchant_id for shop in known.shops}
    found = []
    with superuser() as admin:
        for model in apps.get_models():
            sealed = [field for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]
            names = {field.column for field in model._meta.local_fields}
            for field in sealed:
                where = " where merchant_id = any(%s)" if "merchant_id" in names else ""
                text = f'select "{field.column}" from "{model._meta.db_table}"{where}'
                for row in admin.execute(text, [list(merchants)] if where else []).fetchall():
                    found += [field.open(row[0])] if row[0] is not None else []
    return found


def plain(known: Known) -> str:
    """Everything else in the database of these two shops and of no shop, as text."""
    merchants = [shop.merchant_id for shop in known.shops]
    parts = []
    with superuser() as admin:
        for name, table in tables().items():
            if not table.partition:
                where = " where merchant_id = any(%s)" if "merchant_id" in table.columns else ""
                rows = admin.execute(f'select t::text from "{name}" t{where}', [merchants] if where else [])
                parts += [row[0] for row in rows.fetchall()]
    return "\n".join(parts)


def test_nothing_of_the_person_can_be_read_anywhere() -> None:
    """With all our keys: no name, number or address, and no index of the number."""
    known = a_known_person()
    before = opened(known)
    assert all(secret in before for secret in known.secrets), "the test plants what it looks for"
    index = "\\\\x" + blind_index("phone", known.phone).hex()
    assert index in plain(known)
    erased(known)
    after, text = set(opened(known)), plain(known)
    assert [secret for secret in known.secrets if secret in after or secret in text] == []
    assert index not in text


def test_what_goes_and_what_stays() -> None:
    known = a_known_person()
    erased(known)
    assert not Identity.objects.filter(person=known.person).exists()
    assert not AccessToken.objects.filter(person=known.person).exists()
    person = Person.objects.get(pk=known.id)
    assert (person.shown_name, person.is_active, person.has_usable_password()) == (None, False, False)
    assert person.name_mask is None
    for shop in known.shops:
        with merchant_scope(shop.merchant_id):
            order = Order.objects.get(person_id=known.id)
            assert (order.state, order.total_fen) == ("completed", 12_800)
            address = DeliveryAddress.objects.get(person_id=known.id)
            assert (address.recipient, address.phone) == ("—", "—")
            assert address.erased_at is not None
            assert not CartLine.objects.filter(person_id=known.id).exists()


def test_an_order_is_found_by_its_number_and_no_longer_by_the_phone() -> None:
    known = a_known_person()
    shop = known.shops[0]
    with merchant_scope(shop.merchant_id):
        key = phone_key("13812345678")
        assert OrderKey.objects.filter(key=key).exists()
        number = OrderKey.objects.filter(key__startswith="n").count()
    erased(known)
    with merchant_scope(shop.merchant_id):
        assert not OrderKey.objects.filter(key=key).exists()
        assert OrderKey.objects.filter(key__startswith="n").count() == number == 1


def test_a_review_stays_without_a_name_or_goes_by_wish() -> None:
    for wishes, state, text in ((), "shown", "茶很香。"), (("review", "order"), "taken_down", ""):
        known = a_known_person()
        erased(known, wishes=wishes)
        with merchant_scope(known.shops[0].merchant_id):
            review = Review.objects.get(pk=known.review.id)
            assert (review.state, review.text) == (state, text)
            assert views_of([review])[0].writer == ""
            assert bool(ReviewPicture.objects.get(review=review).file) == (state == "shown")


def test_the_number_is_free_and_its_next_sign_in_is_somebody_new() -> None:
    known = a_known_person()
    erased(known)
    with clock.shifted(AFTER):
        assert open_account(a_proof(known.phone)).pk != known.id


def test_each_merchant_is_told_without_personal_data() -> None:
    known = a_known_person()
    erased(known)
    for shop in known.shops:
        with merchant_scope(shop.merchant_id):
            told = Event.objects.get(name="person.erased")
            assert told.payload["person_id"] == str(known.id)
            assert set(told.payload) == {"person_id", "erasure_id", "rows"}
            assert told.payload["rows"] > 0


def test_it_waits_its_days_and_can_be_taken_back() -> None:
    known = a_known_person()
    row = ask_erasure(known.id)
    with pytest.raises(ErasureAskedAlready):
        ask_erasure(known.id)
    with clock.shifted(timedelta(days=6, hours=23)):
        sweep_erasures(clock.now())
        assert Identity.objects.filter(person=known.person).exists()
        withdraw_erasure(known.id)
        with pytest.raises(NothingToWithdraw):
            withdraw_erasure(known.id)
    with clock.shifted(AFTER):
        sweep_erasures(clock.now())
        assert erase_due(row.id) == "withdrawn"
    assert Identity.objects.filter(person=known.person).exists()
    assert ask_erasure(known.id).state == "asked"


def test_an_open_order_stands_against_it() -> None:
    shop, (person, _) = make_shop(), with_number()
    place_one(a_request(shop, person_id=person.pk), shop)
    with pytest.raises(ErasureBlocked) as refused:
        ask_erasure(person.pk)
    assert [each["code"] for each in refused.value.details["blockers"]] == ["orders_unfinished"]


def test_the_last_owner_and_nobody_else_of_the_staff_is_in_the_way() -> None:
    shop, (second, _), (clerk, _) = make_shop(), with_password(), with_password()
    with pytest.raises(ErasureBlocked) as refused:
        ask_erasure(shop.owner_id)
    assert [each["code"] for each in refused.value.details["blockers"]] == ["only_owner"]
    with merchant_scope(shop.merchant_id):
        add_staff(second.pk, Role.OWNER, actor=shop.owner)
        add_staff(clerk.pk, Role.SERVICE, actor=shop.owner)
    for person_id in (shop.owner_id, clerk.pk):
        row = ask_erasure(person_id)
        with clock.shifted(AFTER):
            assert erase_due(row.id) == "erased"
        with merchant_scope(shop.merchant_id):
            assert StaffMember.objects.get(person_id=person_id).left_at is not None


def test_what_was_begun_in_the_cooling_off_days_makes_it_wait() -> None:
    """Nobody is erased over an order that is on its way; meanwhile the account is as it was."""
    shop, (person, phone) = make_shop(), with_number()
    row = ask_erasure(person.pk)
    order_id = paid_order(shop, person_id=person.pk)
    with clock.shifted(AFTER):
        assert erase_due(row.id) == "asked"
        assert Person.objects.get(pk=person.pk).is_active
        assert Erasure.objects.get(pk=row.id).due_at > clock.now()
    assert Identity.objects.filter(person=person).exists()
    assert order_id
    assert phone


def test_nobody_signs_in_while_it_is_under_way() -> None:
    known = a_known_person()
    row = ask_erasure(known.id)
    Person.objects.filter(pk=known.id).update(is_active=False)
    with clock.shifted(AFTER):
        with pytest.raises(SignInFailed):
            open_account(a_proof(known.phone))
        assert erase_due(row.id) == "erased"


def test_merged_accounts_go_together() -> None:
    known, other = a_known_person(), a_known_person()
    Person.objects.filter(pk=other.id).update(merged_into=known.person)
    erased(known)
    assert not Identity.objects.filter(person_id__in=[known.id, other.id]).exists()
    with merchant_scope(other.shops[0].merchant_id):
        assert DeliveryAddress.objects.get(person_id=other.id).recipient == "—"


def test_again_changes_nothing_more() -> None:
    known = a_known_person()
    erased(known)
    row = Erasure.objects.get(person_id=known.id)
    with clock.shifted(AFTER):
        assert erase_due(row.id) == "erased"
        sweep_erasures(clock.now())
    assert Erasure.objects.get(person_id=known.id).counts == row.counts


def test_the_preview_says_in_numbers_what_will_be() -> None:
    known = a_known_person()
    preview = preview_erasure(known.id)
    goes = {each.table: each.rows for each in preview.goes}
    assert (goes["identity"], goes["delivery_address"], goes["cart_line"]) == (1, 2, 1)
    stays = {each.table: each for each in preview.stays}
    assert stays["order"].rows == 2
    today = clock.today()
    assert stays["order"].until is not None
    assert stays["order"].until.year == today.year + 3
    assert stays["payment_attempt"].until is not None
    assert stays["payment_attempt"].until.year == today.year + 30
    assert (preview.merchants, preview.blockers) == (2, [])
    erased(known)
    done = Erasure.objects.get(person_id=known.id).counts
    assert {table: done[table] for table in ("identity", "delivery_address", "cart_line")} == {
        table: goes[table] for table in ("identity", "delivery_address", "cart_line")
    }
    assert set(done) <= HOLDINGS.keys()


KILLED = """
import os, signal, sys
import django
django.setup()
from datetime import timedelta
from uuid import UUID
from django.db import connection
from tongdao.compliance.retention.operations import erase_due
from tongdao.foundation import clock
left = int(sys.argv[2])
def stop(execute, sql, params, many, context):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(stop), clock.shifted(timedelta(days=8)):
    print(erase_due(UUID(sys.argv[1])), -left)
"""


@pytest.mark.slow
def test_killed_anywhere_it_goes_on_and_ends_as_if_nothing_had_been(cluster: Cluster, tmp_path: Path) -> None:
    """kill -9 before a statement of each step in turn; what a step had not committed is counted once."""
    known, twin = a_known_person(), a_known_person()
    script = tmp_path / "erase.py"
    script.write_text(KILLED, encoding="utf-8")

    def run(person: Known, moment: int) -> subprocess.CompletedProcess[str]:
        row = Erasure.objects.get(person_id=person.id)
        argv = [sys.executable, str(script), str(row.id), str(moment)]
        env = cluster.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.run(argv, env=env, check=False, capture_output=True, text=True)

    for person in (known, twin):
        ask_erasure(person.id)
    whole = run(twin, 0)
    assert whole.stdout.startswith("erased"), whole.stderr
    statements = int(whole.stdout.split()[1])
    assert statements > 50
    for moment in (statements // 4, statements // 3, statements // 4, statements // 3):
        assert run(known, moment).returncode == -signal.SIGKILL
    assert run(known, 0).stdout.startswith("erased")
    wanted = Erasure.objects.get(person_id=twin.id).counts
    assert Erasure.objects.get(person_id=known.id).counts == wanted
    assert [secret for secret in known.secrets if secret in opened(known)] == []
    for shop in known.shops:
        with merchant_scope(shop.merchant_id):
            assert Event.objects.filter(name="person.erased").count() == 1


def test_every_column_of_these_tables_is_the_models_own() -> None:
    """`blank` names columns that exist, so that a renamed one cannot stay behind readable."""
    for holding in HOLDINGS.values():
        names: set[str] = {field.name for field in holding.model._meta.local_fields}
        assert set(holding.blank) <= names
    field: models.Field[Any, Any] = Person._meta.get_field("shown_name")  # type: ignore[assignment]
    assert isinstance(field, EncryptedTextField)
    assert settings.AUTH_USER_MODEL == "people.Person"
    assert Actor("person").kind == "person"
