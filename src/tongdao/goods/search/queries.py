"""Finding products, in the open merchant_scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.search.asking import read_query
from tongdao.goods.search.guessing import guess_query
from tongdao.goods.search.models import SearchDocument
from tongdao.goods.search.places import Place
from tongdao.goods.search.resolving import Plan, make_plans

HIGHEST = 2**15 - 1
LAST_ID = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of product ids, best first. `sounds`: of the titles, by id. `tokens`: what was looked for.

    `guessed`: nothing was as it was typed, and this was perhaps meant. `after`: where the next page begins.
    """

    ids: tuple[UUID, ...] = ()
    sounds: Mapping[UUID, str] | None = None
    tokens: frozenset[str] = frozenset()
    guessed: bool = False
    after: Place | None = None


def find_products(query: str, *, limit: int = 24, after: Place | None = None, hidden: bool = False) -> Found:
    """Products that have all words of the query; with `hidden` also those that visitors do not see."""
    start = after or Place(HIGHEST, LAST_ID)
    if not start.guessed:
        found = _walk(make_plans(read_query(query)), start, limit, hidden=hidden)
        if found.ids or after is not None:
            return found
    start = start if start.guessed else Place(HIGHEST, LAST_ID, guessed=True)
    return _walk(make_plans(guess_query(query)), start, limit, hidden=hidden)


@dataclass(frozen=True, slots=True)
class Named:
    product_id: UUID
    sound: str


def by_name(*, after: Named | None = None, limit: int = 50) -> list[Named]:
    """All products of the merchant by the sound of their titles: 安溪 (an xi) before 龙井 (long jing)."""
    rows = execute_prepared(
        "select d.id, d.sound from search_document d where d.merchant_id = %s"
        " and (d.sound, d.id) > (%s, %s) order by d.sound, d.id limit %s",
        [current_merchant(), after.sound if after else "", after.product_id if after else UUID(int=0), limit],
    )
    return [Named(*row) for row in rows]


def indexed() -> int:
    """How many of the merchant's products the index holds."""
    return SearchDocument.objects.count()


def _walk(plans: Sequence[Plan], start: Place, limit: int, *, hidden: bool) -> Found:
    if not plans:
        return Found(guessed=start.guessed)
    streams: list[str] = []
    values: list[Any] = []
    for number, plan in enumerate(plans):
        statement, own = _stream(plan, plans[:number], start, limit + 1, hidden=hidden)
        streams.append(f"({statement})")
        values += own
    rows = {
        (weight, id): sound for weight, id, sound in execute_prepared(" union all ".join(streams), values)
    }
    best = sorted(rows, reverse=True)
    page = best[:limit]
    return Found(
        ids=tuple(id for _, id in page),
        sounds={id: rows[weight, id] for weight, id in page},
        tokens=frozenset(token for plan in plans for group in plan for token in group.tokens),
        guessed=start.guessed,
        after=Place(*page[-1], start.guessed) if len(best) > limit else None,
    )


def _stream(
    plan: Plan, before: Sequence[Plan], start: Place, limit: int, *, hidden: bool
) -> tuple[str, list[Any]]:
    """The plan's products from `start` on, without those of the plans before it: no product comes twice.

    One ordered walk for each token of the rarest group; each row looks at its document, so a walk ends as
    soon as it has enough. A product stands where its heaviest token of that group puts it.
    """
    merchant, drivers = current_merchant(), sorted(plan[0].tokens)
    fits, own = _fits(plan[1:])
    others = [_fits(other) for other in before]
    heaviest = ""
    if len(drivers) > 1:
        heaviest = (
            " and p.weight = (select max((d.tokens->>h.token)::int) from unnest(%s::text[]) as h(token))"
        )
    statement = f"""
select walk.weight, walk.id, walk.sound from unnest(%s::text[]) as driver(token)
cross join lateral (
  select p.weight, p.id, known.sound from search_posting p
  cross join lateral (
    select d.sound from search_document d
    where d.merchant_id = %s and d.id = p.id and (d.shown or %s){heaviest}{fits}
    {"".join(f" and not (true{fits})" for fits, _ in others)} limit 1) known
  where p.merchant_id = %s and p.token = driver.token and (p.weight, p.id) < (%s, %s)
  order by p.weight desc, p.id desc limit %s) walk
"""  # noqa: S608 (constants of this file)
    first = [drivers, merchant, hidden, *([drivers] if heaviest else []), *own]
    first += [value for _, values in others for value in values]
    return statement, [*first, merchant, start.weight, start.product_id, limit]


def _fits(groups: Plan) -> tuple[str, list[list[str]]]:
    tokens = [sorted(group.tokens) for group in groups]
    return " and d.tokens ?| %s::text[]" * len(tokens), tokens
