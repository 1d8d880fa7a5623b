"""People who work somewhere, and races of two who write at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import UUID

from django.db import connections

from tests.support.builders import Shop
from tongdao.foundation.actors import Actor
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role, StaffRole
from tongdao.party.merchants.operations import add_staff, create_role
from tongdao.party.people.operations import create_guest

A_MOMENT = 0.5  # seconds in which one who is not kept waiting is through


def hire(shop: Shop, role: Role | StaffRole) -> Actor:
    """Somebody new who works there; in the merchant's scope."""
    person = create_guest()
    add_staff(person.id, role, actor=shop.owner)
    return Actor("staff", person.id)


def make_role(shop: Shop, *permissions: str, label: str = "店长") -> StaffRole:
    return create_role(label, permissions, actor=shop.owner)


def overlapping(merchant_id: UUID, first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """`second` runs while `first` has written and not committed; the codes of their refusals, or "done"."""
    written, through = Event(), Event()

    def begin() -> str:
        with merchant_scope(merchant_id):
            first()
            written.set()
            through.wait(A_MOMENT)
        return "done"

    def follow() -> str:
        written.wait(10)
        try:
            with merchant_scope(merchant_id):
                second()
        except Refusal as refusal:
            return refusal.code
        finally:
            through.set()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(_closing, each) for each in (begin, follow)]
        return [job.result() for job in jobs]


def _closing(work: Callable[[], str]) -> str:
    try:
        return work()
    finally:
        connections.close_all()
