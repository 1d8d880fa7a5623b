"""Finding products, in the open merchant_scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.search.asking import read_query
from tongdao.goods.search.guessing import guess_query, mistyped
from tongdao.goods.search.models import SearchDocument
from tongdao.goods.search.places import Place
from tongdao.goods.search.resolving import Plan, make_plans
from tongdao.goods.search.spelling import correct
from tongdao.goods.search.tokens import CODE

HIGHEST, LOWEST = 2**15 - 1, -(2**15)
LAST_ID = UUID(int=2**128 - 1)
# Nothing weighs more than a code, so where codes fill the page nothing else is walked: what many products'
# codes begin with (a brand's initials) begins words of as many.
ENOUGH = """
with codes(weight, id, sound) as materialized ({codes})
select weight, id, sound from codes
union all
select weight, id, sound from ({others}) others
where (select count(distinct id) from codes where weight = %s) <= %s
"""


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
    return _walk(make_plans(guess_query(query, correct(mistyped(query)))), start, limit, hidden=hidden)


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
    """A page: the first products of each plan, together in order. A product of several has its best place."""
    if not plans:
        return Found(guessed=start.guessed)
    coded = [plan for plan in plans if _is_code(plan)]
    others = [plan for plan in plans if not _is_code(plan)]
    first, values = _streams(coded, plans, start, limit + 1, hidden=hidden)
    statement, more = _streams(others, plans, start, limit + 1, hidden=hidden)
    if coded and others:
        statement = ENOUGH.format(codes=first, others=statement)
        more = [*more, CODE, limit]
    rows = execute_prepared(statement or first, [*values, *more])
    weights: dict[UUID, int] = {}
    sounds: dict[UUID, str] = {}
    for weight, id, sound in rows:
        weights[id], sounds[id] = max(weight, weights.get(id, weight)), sound
    best = sorted(((weight, id) for id, weight in weights.items()), reverse=True)
    page = best[:limit]
    return Found(
        ids=tuple(id for _, id in page),
        sounds={id: sounds[id] for _, id in page},
        tokens=frozenset(token for plan in plans for group in plan for token in group.tokens),
        guessed=start.guessed,
        after=Place(*page[-1], start.guessed) if len(best) > limit else None,
    )


def _is_code(plan: Plan) -> bool:
    return any(token.startswith("#") for token in plan[0].tokens)


def _streams(
    some: Sequence[Plan], plans: Sequence[Plan], start: Place, limit: int, *, hidden: bool
) -> tuple[str, list[Any]]:
    made = [_stream(plan, plans, start, limit, hidden=hidden) for plan in some]
    return " union all ".join(f"({text})" for text, _ in made), [value for _, own in made for value in own]


def _stream(
    plan: Plan, plans: Sequence[Plan], start: Place, limit: int, *, hidden: bool
) -> tuple[str, list[Any]]:
    """The first products of one plan from `start` on, without those that stood on a page before.

    One ordered walk for each token of the rarest group; each row looks at its document, so a walk ends as
    soon as it has enough. What stands before the best `limit` of all walks stands before it in its own walk
    too, so a product that comes in several has its best place among these rows.
    """
    merchant, drivers = current_merchant(), sorted(plan[0].tokens)
    fits, own = _fits(plan[1:])
    seen: list[str] = []
    if start.product_id != LAST_ID:
        for other in plans:
            condition, values = _seen(other, start)
            seen.append(condition)
            own += values
    statement = f"""
select walk.weight, walk.id, walk.sound from unnest(%s::text[]) as driver(token)
cross join lateral (
  select p.weight, p.id, known.sound from search_posting p
  cross join lateral (
    select d.sound from search_document d
    where d.merchant_id = %s and d.id = p.id and (d.shown or %s){fits}{"".join(seen)} limit 1) known
  where p.merchant_id = %s and p.token = driver.token and (p.weight, p.id) < (%s, %s)
  order by p.weight desc, p.id desc limit %s) walk
"""  # noqa: S608 (constants of this file)
    first = [drivers, merchant, hidden, *own]
    return statement, [*first, merchant, start.weight, start.product_id, limit]


def _fits(groups: Plan) -> tuple[str, list[Any]]:
    tokens = [sorted(group.tokens) for group in groups]
    return " and d.tokens ?| %s::text[]" * len(tokens), tokens


def _seen(plan: Plan, start: Place) -> tuple[str, list[Any]]:
    """That this plan did not put the product on a page before `start`."""
    fits, values = _fits(plan[1:])
    heaviest = "select max((d.tokens->>h.token)::int) from unnest(%s::text[]) as h(token)"
    return (
        f" and not ((coalesce(({heaviest}), {LOWEST}), d.id) >= (%s, %s){fits})",
        [sorted(plan[0].tokens), start.weight, start.product_id, *values],
    )
