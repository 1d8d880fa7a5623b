"""One key, one effect: also for two at once, and also when one is killed."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from tests.interleaving.harness import Course, Work, in_turns
from tests.tenancy.catalogue import superuser
from tongdao.foundation.idempotency import (
    BadRequestKey,
    DuplicateRequest,
    check_key,
    input_hash,
    key_id,
    lock_keys,
    recall,
    remember,
)
from tongdao.foundation.ids import uuid7
from tongdao.foundation.locks import LockOrderBroken, Rank, enter_rank
from tongdao.foundation.models import IdempotencyKey
from tongdao.foundation.tenancy import merchant_scope

DIGEST = input_hash(["this"])


def test_the_same_key_with_the_same_input_gives_the_first_answer() -> None:
    merchant = uuid7()
    with merchant_scope(merchant):
        assert recall("test", "key-0001", DIGEST) is None
        remember("test", "key-0001", DIGEST, {"n": 1, "名": "茶"})
    with merchant_scope(merchant):
        assert recall("test", "key-0001", DIGEST) == {"n": 1, "名": "茶"}


def test_with_another_input_it_is_refused() -> None:
    merchant = uuid7()
    with merchant_scope(merchant):
        remember("test", "key-0001", DIGEST, {})
    with pytest.raises(DuplicateRequest) as refused, merchant_scope(merchant):
        recall("test", "key-0001", input_hash(["that"]))
    assert refused.value.details == {"key": "key-0001"}


def test_scopes_and_merchants_have_keys_of_their_own() -> None:
    merchant = uuid7()
    with merchant_scope(merchant):
        remember("test", "key-0001", DIGEST, {})
        assert recall("other", "key-0001", DIGEST) is None
    with merchant_scope(uuid7()):
        assert recall("test", "key-0001", DIGEST) is None


def test_what_was_rolled_back_leaves_no_key() -> None:
    merchant = uuid7()
    with pytest.raises(ZeroDivisionError), merchant_scope(merchant):
        recall("test", "key-0001", DIGEST)
        remember("test", "key-0001", DIGEST, {})
        raise ZeroDivisionError
    with merchant_scope(merchant):
        assert recall("test", "key-0001", DIGEST) is None


def once(merchant: UUID, digest: bytes = DIGEST) -> Work:
    """An operation with a key: "did" or "repeated"."""

    def work() -> str:
        with merchant_scope(merchant), connection.cursor() as cursor:
            if recall("test", "key-0001", digest) is not None:
                return "repeated"
            cursor.execute("select 'the work'")
            remember("test", "key-0001", digest, {})
            return "did"

    return work


def race(works: list[Work], schedule: list[int]) -> Course:
    with superuser() as observer:
        return in_turns(works, schedule, observer)


@pytest.mark.parametrize(
    "schedule", [[], [1, 0] * 9, [0, 1, 2] * 9, [2, 2, 1, 0, 0, 1] * 4, [0, 0, 1, 1, 2, 2] * 4]
)
def test_of_several_at_once_one_does_it(schedule: list[int]) -> None:
    merchant = uuid7()
    told = race([once(merchant)] * 3, schedule)
    assert sorted(str(one.value) for one in told.outcomes) == ["did", "repeated", "repeated"], told
    with merchant_scope(merchant):
        assert IdempotencyKey.objects.count() == 1


@pytest.mark.parametrize("schedule", [[0, 1] * 9, [1, 0] * 9, [0, 0, 1, 1] * 5])
def test_of_two_inputs_at_once_one_is_refused(schedule: list[int]) -> None:
    merchant = uuid7()
    told = race([once(merchant), once(merchant, input_hash(["that"]))], schedule)
    assert [type(one.error) for one in told.outcomes if not one.ok] == [DuplicateRequest], told


def test_a_killed_connection_gives_the_key_back(cluster: object) -> None:
    """The first has locked the key and is killed before it commits; the second does the work."""
    merchant = uuid7()

    def killed() -> None:
        with merchant_scope(merchant), connection.cursor() as cursor:
            recall("test", "key-0001", DIGEST)
            remember("test", "key-0001", DIGEST, {})
            pid = connection.connection.info.backend_pid
            with superuser() as admin:
                admin.execute("select pg_terminate_backend(%s, 5000)", [pid])
            cursor.execute("select 1")

    told = race([killed, once(merchant)], [0] * 5 + [1] * 3)
    assert isinstance(told.outcomes[0].error, Exception)
    assert isinstance(told.outcomes[0].error.__cause__, psycopg.OperationalError)
    assert told.outcomes[1].value == "did"


def test_keys_come_first_of_all_locks() -> None:
    with merchant_scope(uuid7()):
        enter_rank(Rank.ORDER)
        with pytest.raises(LockOrderBroken):
            lock_keys([uuid7()])


@pytest.mark.parametrize(
    "key", ["", "short12", "x" * 65, "key 0001", "key/0001", "钥匙钥匙钥匙钥匙", "key-0001\n", "--------"]
)
def test_other_keys_are_refused(key: str) -> None:
    with pytest.raises(BadRequestKey):
        check_key(key)


@pytest.mark.parametrize("key", ["12345678", "x" * 64, str(uuid4()), "a_b-c_d-e"])
def test_ordinary_keys_are_taken(key: str) -> None:
    assert check_key(key) == key


def test_the_hash_sees_content_not_form() -> None:
    id, day = uuid7(), dt.date(2026, 1, 2)
    assert input_hash({"b": id, "a": [day, "茶"]}) == input_hash({"a": ["2026-01-02", "茶"], "b": str(id)})
    assert input_hash([1, "1"]) != input_hash(["1", 1])
    assert input_hash(["ab", "c"]) != input_hash(["a", "bc"])
    assert len(input_hash(None)) == 32


def test_ids_are_derived_from_scope_and_key() -> None:
    assert key_id("a", "key") == key_id("a", "key")
    assert len({key_id("a", "key"), key_id("b", "key"), key_id("a", "other")}) == 3
