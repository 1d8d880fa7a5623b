"""Keys made into tokens that the merchant's index really holds, in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, product

from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.tenancy import current_merchant
from tongdao.goods.search.asking import Key, Meaning

MOST_ENDINGS = 64  # tokens that a beginning stands for: the first ones by spelling
MOST_PLANS = 6
END = "\U0010ffff"

RESOLVE = f"""
select w.token, false, w.token, w.products from search_token w
where w.merchant_id = %s and w.token = any(%s::text[])
union all
select asked.text, true, t.token, t.products
from unnest(%s::text[]) as asked(text)
cross join lateral (select w.token, w.products from search_token w
  where w.merchant_id = %s and w.token >= asked.text and w.token < asked.text || '{END}'
  order by w.token limit {MOST_ENDINGS}) t
"""  # noqa: S608 (constants of this file)


@dataclass(frozen=True, slots=True)
class Group:
    """Tokens of which a product needs one. `products`: how many have them, added up."""

    tokens: frozenset[str]
    products: int


Plan = tuple[Group, ...]
"""Groups of which a product needs all, the rarest first."""


def make_plans(words: Sequence[Sequence[Meaning]]) -> list[Plan]:
    """Ways to mean all words at once, of which each can be fulfilled as far as the index tells."""
    groups = _resolve(key for meanings in words for meaning in meanings for key in meaning)
    real = [[meaning for meaning in meanings if all(key in groups for key in meaning)] for meanings in words]
    if not words or not all(real):
        return []
    likely = [sorted(meanings, key=partial(_likeliest_first, groups)) for meanings in real]
    ways = (tuple(key for meaning in way for key in meaning) for way in islice(product(*likely), MOST_PLANS))
    plans = [sorted({groups[key] for key in keys}, key=_rarest_first) for keys in ways]
    return [tuple(plan) for plan in dict.fromkeys(map(tuple, plans))]


def _likeliest_first(groups: Mapping[Key, Group], meaning: Meaning) -> tuple[bool, int]:
    """A code is meant by who types it; of the rest what most products have."""
    return not meaning[0].text.startswith("#"), -min(groups[key].products for key in meaning)


def _rarest_first(group: Group) -> tuple[int, int, list[str]]:
    """Of equally frequent ones the longest, so that the order is always the same."""
    return group.products, -max(map(len, group.tokens)), sorted(group.tokens)


def _resolve(keys: Iterable[Key]) -> dict[Key, Group]:
    wanted = set(keys)
    merchant = current_merchant()
    exact = sorted(key.text for key in wanted if not key.begins)
    begun = sorted(key.text for key in wanted if key.begins)
    values = [merchant, exact, begun, merchant]
    found: defaultdict[Key, dict[str, int]] = defaultdict(dict)
    for text, begins, token, products in execute_prepared(RESOLVE, values):
        found[Key(text, begins)][token] = products
    return {key: _group(key, tokens) for key, tokens in found.items()}


def _group(key: Key, tokens: Mapping[str, int]) -> Group:
    if key.text in tokens and key.text.startswith("="):  # cha is 茶, not the beginning of 产
        tokens = {key.text: tokens[key.text]}
    return Group(frozenset(tokens), sum(tokens.values()))
