"""Who may what, walked: every operation of the description with every role. A new one is walked by itself."""

from __future__ import annotations

from typing import get_args

from tests.faces.api.calling import Caller, make_world
from tests.faces.api.examples import Examples, Operation, operations, outsider
from tongdao.faces.api.operation import PERMISSIONS
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.permissions import MATRIX, Permission

# Ends the token, the work or the promoting of whoever calls it: walked in a test of its own.
ENDING = {"sign_out", "stop_promoting", "remove_from_staff", "archive_freight_template"}


def of_staff() -> list[Operation]:
    return [each for each in operations() if PERMISSIONS[each.id] in get_args(Permission)]


def test_every_operation_names_its_permission() -> None:
    assert {each.id for each in operations()} == set(PERMISSIONS)


def test_staff_operations_stand_under_their_merchant() -> None:
    assert of_staff()
    assert [each for each in of_staff() if not each.path.startswith("/merchants/{merchant_id}/")] == []


def test_each_role_may_what_the_matrix_says_and_nothing_else(examples: Examples) -> None:
    wrong = []
    for operation in of_staff():
        if operation.id in ENDING:
            continue
        for role, caller in examples.world.staff.items():
            answer = examples.call(caller, operation)
            allowed = PERMISSIONS[operation.id] in MATRIX[role]
            if (answer.status == 403) == allowed or answer.status in (401, 404, 422, 500):
                wrong.append((operation.id, role, answer))
    assert wrong == []


def test_a_refused_role_is_told_so(examples: Examples) -> None:
    desk, reader = examples.world.desk, examples.world.staff[Role.READ_ONLY]
    answer = reader("GET", f"{desk}/ledger/trial-balance")
    assert (answer.status, answer.code) == (403, "not_allowed")
    assert answer.body["details"] == {"permission": "money.read"}


def test_removing_staff_needs_an_owner(examples: Examples) -> None:
    world, path = examples.world, f"{examples.world.desk}/staff/{examples.ids['staff_id']}"
    for role in set(Role) - {Role.OWNER}:
        assert world.staff[role]("DELETE", path).status == 403
    own = next(row for row in world.owner.get(f"{world.desk}/staff") if row["role"] == "owner")
    assert world.owner("DELETE", f"{world.desk}/staff/{own['staff_id']}").code == "last_owner"


def test_without_a_token_nothing_that_is_somebodys_is_done(examples: Examples) -> None:
    for operation in operations():
        answer = examples.call(Caller(), operation)
        expected = PERMISSIONS[operation.id] != "nobody"
        assert (answer.status == 401) == expected, (operation, answer)


def test_to_strangers_a_merchant_does_not_exist(examples: Examples) -> None:
    """Neither to a guest, nor to another merchant's owner, nor to one who has left."""
    strangers = [outsider(), make_world().owner]
    for operation in of_staff():
        for stranger in strangers:
            answer = examples.call(stranger, operation)
            assert (answer.status, answer.code) == (404, "not_found"), (operation, answer)
