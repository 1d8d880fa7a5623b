"""Two merchants who own a row in every table there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.tenancy.catalogue import superuser, tenant_models
from tests.tenancy.planting import make, make_position
from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy import TenantModel, merchant_scope


@dataclass
class Estate:
    """A merchant and the ids of its rows, by table."""

    merchant_id: UUID
    rows: dict[str, UUID]
    reader: str

    def row(self, model: type[TenantModel]) -> UUID:
        return self.rows[model._meta.db_table]


def _estate() -> Estate:
    merchant_id = uuid7()
    with merchant_scope(merchant_id):
        rows = {model._meta.db_table: make(model).id for model in tenant_models()}
        return Estate(merchant_id, rows, make_position(merchant_id))


@pytest.fixture(scope="package")
def ours(cluster: Any) -> Estate:
    return _estate()


@pytest.fixture(scope="package")
def theirs(cluster: Any) -> Estate:
    return _estate()


@pytest.fixture
def admin() -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """The superuser, who sees everything."""
    with superuser() as connection:
        yield connection
