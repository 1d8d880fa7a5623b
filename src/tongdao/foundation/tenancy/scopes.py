"""The three scopes. Each opens one transaction and sets its own variable for that transaction only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.db import transaction

from tongdao.foundation.prepared import execute_prepared


class OutsideScope(Exception):
    """A merchant's rows were asked for outside `merchant_scope`, or by a scope that cannot see them."""


class ScopeNested(Exception):
    """A scope was opened inside another one, or a call to the outside world was made inside one."""


@dataclass(slots=True)
class Scope:
    """What is open now. `locked` is the highest lock rank taken so far (see foundation.locks)."""

    kind: Literal["merchant", "person", "node"]
    merchant: UUID | None = None
    person: UUID | None = None
    node: UUID | None = None
    locked: int = field(default=-1)


_current: ContextVar[Scope | None] = ContextVar("tongdao_scope", default=None)


def current_scope() -> Scope | None:
    return _current.get()


def current_merchant() -> UUID:
    """The merchant of the open scope; raises OutsideScope where there is none."""
    scope = _current.get()
    if scope is None or scope.merchant is None:
        raise OutsideScope("no merchant_scope is open")
    return scope.merchant


def assert_outside_scope() -> None:
    """Raise ScopeNested inside a scope: whoever calls the outside world holds no row and no connection."""
    if _current.get() is not None:
        raise ScopeNested("a call to the outside world inside a scope")


def on_commit(effect: Callable[[], object]) -> None:
    """Run `effect` after the scope's transaction has committed, outside the scope."""
    transaction.on_commit(effect)


@contextmanager
def _open(scope: Scope) -> Iterator[Scope]:
    if _current.get() is not None:
        raise ScopeNested("scopes do not nest")
    with transaction.atomic(durable=True):
        execute_prepared(
            "select set_config('tongdao.merchant', %s, true), set_config('tongdao.person', %s, true),"
            " set_config('tongdao.node', %s, true)",
            [str(value) if value else "" for value in (scope.merchant, scope.person, scope.node)],
        )
        reset = _current.set(scope)
        try:
            yield scope
        finally:
            _current.reset(reset)


@contextmanager
def merchant_scope(merchant_id: UUID) -> Iterator[Scope]:
    """Everything of one merchant, to read and write, in one transaction."""
    with _open(Scope("merchant", merchant=merchant_id)) as scope:
        yield scope


@contextmanager
def person_scope(person_id: UUID) -> Iterator[Scope]:
    """What one person owns across merchants, to read only (the database has no other policy for it)."""
    with _open(Scope("person", person=person_id)) as scope:
        yield scope


@contextmanager
def node_scope(merchant_id: UUID, partner_id: UUID) -> Iterator[Scope]:
    """One partner's part of a merchant: its own stock, parcels and income, nothing of its neighbours'."""
    with _open(Scope("node", merchant=merchant_id, node=partner_id)) as scope:
        yield scope
