"""The description against the product: each role makes good, drawn and wrong requests to every operation.

No answer is a 5xx, each has a status and a shape that its operation declares, and whatever a role may do
reaches a success.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.faces.api.calling import Caller, Form, Town
from tests.faces.api.examples import CSV, Examples, Operation, make_examples, operations
from tongdao.faces.api.operation import PERMISSIONS
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.permissions import MATRIX
from tongdao.party.people.models import Person
from tongdao.party.people.operations import create_guest, issue_token

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
LAST = ("remove_from_staff", "stop_promoting", "give_up_purchase", "sign_out")  # they end something
DRAWN = settings(
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
MANY, FEW = 4, 2  # drawn requests of each kind to each operation; those who may most draw most


@pytest.fixture(scope="module")
def described(town: Town) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def allowed(role: Role | None, operation: Operation) -> bool:
    need = PERMISSIONS[operation.id]
    return need in ("nobody", "person") or (role is not None and need in MATRIX[role])


def in_order() -> list[Operation]:
    return sorted(operations(), key=lambda each: LAST.index(each.id) if each.id in LAST else -1)


def headers_for(caller: Caller, operation_id: str) -> dict[str, str]:
    """A token of its own for whoever signs out; unpacked answers, since nothing here would unpack them."""
    token = caller.token
    if operation_id == "sign_out":
        token = issue_token(Person.objects.get(pk=caller.person_id))
    if operation_id == "sign_out_everywhere":
        token = issue_token(create_guest())
    return {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}


def check_all(described: Any, examples: Examples, caller: Caller, count: int) -> set[str]:
    """Call every operation; those that reached a success."""
    reached: set[str] = set()
    for operation in in_order():
        found = described.find_operation_by_id(operation.id)
        names = {each.name for each in found.path_parameters}
        ids = {name: value for name, value in examples.parameters(operation.id).items() if name in names}
        good = examples.body(operation.id)
        if isinstance(good, Form):
            good = good.fields | ({"file": CSV.encode()} if "file" in good.fields else {})
        given_body = {} if good is None else {"body": good}
        right = found.as_strategy(GenerationMode.POSITIVE, path_parameters=ids, **given_body)
        reached |= run(right, caller, operation.id, 1)
        drawn = found.as_strategy(GenerationMode.POSITIVE, path_parameters=ids)
        reached |= run(drawn, caller, operation.id, count)
        if list(found.iter_parameters()) or list(found.body):  # else nothing could be wrong
            reached |= run(found.as_strategy(GenerationMode.NEGATIVE), caller, operation.id, count)
    return reached


def run(strategy: Any, caller: Caller, operation_id: str, count: int) -> set[str]:
    """The operation's id, if a request reached a success."""
    reached = set()

    @settings(DRAWN, max_examples=count)
    @given(case=strategy)
    def one(case: Any) -> None:
        answer = case.call(headers=headers_for(caller, operation_id))
        case.validate_response(answer, checks=CHECKS)
        if 200 <= answer.status_code < 300:
            reached.add(operation_id)

    one()
    return reached


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_staff(role: Role, described: Any, town: Town) -> None:
    examples = make_examples(town, buyer=role)
    reached = check_all(described, examples, examples.world.staff[role], MANY if role == Role.OWNER else FEW)
    may = {each.id for each in operations() if allowed(role, each)}
    assert reached <= may
    assert len(reached) >= 0.9 * len(may), sorted(may - reached)


@pytest.mark.slow
def test_a_guest_who_buys(described: Any, town: Town) -> None:
    examples = make_examples(town)
    reached = check_all(described, examples, examples.world.buyer, MANY)
    may = {each.id for each in operations() if allowed(None, each)}
    assert reached <= may
    assert len(reached) >= 0.9 * len(may), sorted(may - reached)
