"""One table of steps, read by four: the database, the code that claims, the page, and `claim` itself."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection
from django.utils.module_loading import autodiscover_modules

from tests.tenancy.catalogue import tables
from tests.tenancy.planting import make
from tongdao.foundation.ids import uuid7
from tongdao.foundation.states import TABLES, StateTable
from tongdao.foundation.tenancy import merchant_scope
from tools import state_docs

SRC = Path(__file__).resolve().parents[2] / "src"
Step = tuple[str, str]
STEP = re.compile(r"old\.state\)?(?:::text)? <> '(\w+)'.*?new\.state\)?(?:::text)? <> '(\w+)'")
FIRST = re.compile(r"'(\w+)'")
UNDECLARED = {
    "event_intent": "three states behind a CHECK, moved by the delivery's own claim (foundation.events)",
    "product_image": "where a file is: a fact, not a life; it may be fetched again from any state",
}
PAST_CLAIM = (  # they move what stands in UNDECLARED, or a process of their own
    "tongdao/foundation/events/intents.py",
    "tongdao/foundation/tending/readers.py",
    "tongdao/goods/",
    "tongdao/sandboxes/",
)

autodiscover_modules("states")
NOUNS = [pytest.param(table, id=noun) for noun, table in sorted(TABLES.items())]


def own_models() -> list[type[Any]]:
    return [model for model in apps.get_models() if model.__module__.startswith("tongdao.")]


def model_of(table: StateTable) -> type[Any]:
    return next(model for model in own_models() if model._meta.db_table == table.noun)


def test_whatever_has_a_state_has_a_table_of_steps() -> None:
    states = {
        model._meta.db_table
        for model in own_models()
        if any(field.name == "state" for field in model._meta.local_fields)
    }
    assert states == TABLES.keys() | UNDECLARED.keys()


@pytest.mark.parametrize("table", NOUNS)
def test_the_database_knows_the_same_steps(table: StateTable) -> None:
    triggers = tables()[table.noun].triggers
    assert "BEFORE UPDATE OF state" in triggers["guard_states"]
    assert set(STEP.findall(triggers["guard_states"].split("new.state)", 1)[1])) == table.transitions
    assert "BEFORE INSERT" in triggers["guard_first_state"]
    assert sorted(FIRST.findall(triggers["guard_first_state"])) == sorted(table.starts)


@pytest.mark.parametrize("table", NOUNS)
def test_the_model_begins_where_the_table_says(table: StateTable) -> None:
    field: Any = model_of(table)._meta.get_field("state")
    assert field.get_default() == table.initial
    assert max(len(state) for state in table.states) <= field.max_length


def test_each_step_is_claimed_somewhere_and_nothing_else_is() -> None:
    claimed = defaultdict(set)
    for table, step, _ in claims():
        claimed[table.noun].add(step)
    assert claimed == {noun: table.transitions for noun, table in TABLES.items()}


def claims() -> Iterator[tuple[StateTable, Step, str]]:
    """Every call of `claim` in the source: its table, its step, where it stands."""
    tables = {_constant(table): table for table in TABLES.values()}
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "claim":
                where = f"{path.relative_to(SRC)}:{node.lineno}"
                table, frm, to = node.args[:3]
                assert isinstance(table, ast.Name), where
                assert isinstance(frm, ast.Constant), (
                    f"{where}: write the step out, so that it can be checked"
                )
                assert isinstance(to, ast.Constant), f"{where}: write the step out, so that it can be checked"
                yield tables[table.id], (frm.value, to.value), where


def _constant(table: StateTable) -> str:
    """The name under which its room imports it."""
    for path in SRC.rglob("states.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and f"noun='{table.noun}'" in ast.unparse(node.value):
                assert isinstance(node.targets[0], ast.Name)
                return node.targets[0].id
    raise AssertionError(table.noun)


def test_no_state_is_written_past_claim() -> None:
    """`.update(state=…)`, `row.state = …` and handwritten statements would walk around version and event."""
    past = [
        f"{path.relative_to(SRC)}:{node.lineno}"
        for path in SRC.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _writes_state(node)
    ]
    assert [where for where in past if not where.startswith(PAST_CLAIM)] == []


def _writes_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "update" and any(word.arg == "state" for word in node.keywords)
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets)


ENDED = {"after_sale", "dispute"}  # say when, in the state that is their end
GIVEN = {"transfer": {"channel_no": "1"}}  # what a row needs to go all its ways


@pytest.mark.parametrize("table", NOUNS)
def test_the_database_refuses_every_other_step(table: StateTable) -> None:
    """As the application's role, every pair of states: the declared ones pass, the others do not."""
    name = connection.ops.quote_name(table.noun)
    merchant = uuid7()
    with merchant_scope(merchant):
        row = make(model_of(table), **GIVEN.get(table.noun, {}))
    for frm in table.states:
        passed = {
            to for to in [*table.states, "nowhere"] if _may_step(name, merchant, row.id, _way(table, frm), to)
        }
        assert passed == {frm} | {to for start, to in table.transitions if start == frm}, frm


def _way(table: StateTable, to: str) -> list[str]:
    """States from the first one to `to`, by declared steps."""
    ways = {table.initial: [table.initial]}
    while to not in ways:
        ways |= {b: [*ways[a], b] for a, b in sorted(table.transitions) if a in ways and b not in ways}
    return ways[to]


def _end(name: str, state: str) -> str:
    noun = name.strip('"')
    return ", ended_at = now()" if noun in ENDED and state in TABLES[noun].final else ""


class Undone(Exception):
    """Rolls the scope back."""


def _may_step(name: str, merchant: Any, id: Any, way: list[str], to: str) -> bool:
    try:
        with merchant_scope(merchant), connection.cursor() as cursor:
            for state in [*way[1:], to]:
                cursor.execute(f"update {name} set state = %s{_end(name, state)} where id = %s", [state, id])
            raise Undone
    except Undone:
        return True
    except DatabaseError as refused:
        assert "has no step to state" in str(refused), refused
        return False


@pytest.mark.parametrize("table", NOUNS)
def test_the_database_refuses_a_wrong_first_state(table: StateTable) -> None:
    for state in set(table.states) - set(table.starts):
        with pytest.raises(DatabaseError, match="has no step to state"), merchant_scope(uuid7()):
            make(model_of(table), state=state)


def test_the_page_is_current() -> None:
    told = state_docs.PAGE.read_text(encoding="utf-8")
    assert told == state_docs.page(), "run: python tools/state_docs.py --write"
