"""A stack with the bench world in it, and the templates of what its orders write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.fill import admin_connection, fill_orders
from bench.load import LoadFailed, place_once
from bench.reference import BUYER_IDS, SKU_IDS, prepare_reference
from bench.stack import Stack, running, say
from bench.template import Template, capture
from bench.world import SKUS, World, make_world, row_id

HOT, SPREAD = (0, 0), (1, SKUS)
SCENARIOS = {"hot": HOT, "spread": SPREAD}
BUYERS = 20_000


@dataclass
class Session:
    """What a benchmark works with. `admin` sees all rows and commits at once."""

    stack: Stack
    world: World
    admin: psycopg.Connection[Any]
    templates: dict[str, Template] = field(default_factory=dict)

    def one(self, query: str, *values: object) -> Any:
        """The first column of the first row."""
        row = self.admin.execute(query.encode(), list(values)).fetchone()
        return row[0] if row else None

    def rest(self) -> None:
        """Let what was written reach the disk, so that one round does not pay for the one before."""
        self.admin.execute("checkpoint")


class OtherVersion(Exception):
    """The data directory was made by another version of the product; remove it."""


@contextmanager
def session(data_dir: Path | None, *, orders: int, buyers: int = BUYERS) -> Iterator[Session]:
    """Start, make the world, learn what an order writes, fill up to `orders`."""
    from bench.paying import pay_template

    with running(data_dir) as stack:
        world = make_world(stack, buyers)
        with admin_connection(stack) as admin:
            found = Session(stack, world, admin)
            for number, (name, skus) in enumerate(SCENARIOS.items(), 1):
                found.templates[name] = _template(found, f"place-{name}", number, skus[0])
            prepare_reference(stack, world)
            for name in SCENARIOS:
                found.templates[f"pay-{name}"] = pay_template(found, name)
            fill_orders(stack, world, found.templates["spread"], orders)
            yield found


def _template(found: Session, name: str, buyer: int, sku: int) -> Template:
    """Captured at the first start, when the tables are small; kept beside the data."""
    place_first = not (found.stack.data_dir / f"{name}.json").exists()
    if place_first:  # what only a first order makes is there afterwards, and the payments need two
        _placed(found, buyer + 100, sku)
    known = {str(row_id(kind, buyer)): kind for kind in BUYER_IDS}
    known |= {str(row_id(kind, sku)): kind for kind in SKU_IDS}
    return kept_template(found, name, lambda: _placed(found, buyer, sku), known)


def kept_template(found: Session, name: str, act: Any, known: Mapping[str, str]) -> Template:
    """The template of this data directory, captured now if it has none. Raises OtherVersion."""
    path = found.stack.data_dir / f"{name}.json"
    version = str(found.one("select count(*) || ':' || max(id) from django_migrations"))
    if not path.exists():
        with admin_connection(found.stack) as connection:
            connection.autocommit = False
            path.write_text(f"{version}\n{capture(connection, act, known).dump()}", encoding="utf-8")
    made_by, _, text = path.read_text(encoding="utf-8").partition("\n")
    if made_by != version:
        raise OtherVersion(f"{found.stack.data_dir} was made by another version of the product; remove it.")
    return Template.load(text)


def _placed(found: Session, buyer: int, sku: int) -> Mapping[str, str]:
    answer = place_once(found.stack.base_url, buyer, sku)
    if answer.status_code != 201:
        raise LoadFailed(f"an order was answered {answer.status_code}: {answer.text[:2000]}")
    return {}


def note(text: str) -> None:
    say(f"  {text}")
