"""Answers that all callers share: made once a version, kept in the process, sent with an ETag."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.responses import NinjaJSONEncoder

from tongdao.faces.api.access import store_of
from tongdao.foundation import clock
from tongdao.foundation.directory import Found
from tongdao.foundation.fragments import (
    KEPT_BY_ALL,
    Composed,
    Fragments,
    Mark,
    Moved,
    answer,
    compose_packed,
    read_version,
)
from tongdao.foundation.tenancy import merchant_scope

HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "Cache-Control": KEPT_BY_ALL,
    "Vary": "Accept-Encoding",
}
DOCUMENTS: Fragments[Composed] = Fragments(most_bytes=32 * 2**20, size=attrgetter("size"))
STORES: Fragments[Found] = Fragments(most_bytes=2 * 2**20, size=lambda found: 200)


def store_often(slug: str) -> Found:
    """As `store_of`, for what is asked often: as it is, or was less than a second ago. Outside a scope."""
    return STORES.get(slug, lambda: repr(store_of(slug)), lambda: store_of(slug))


def document(
    request: HttpRequest,
    slug: str,
    *,
    marks: Sequence[Mark],
    facts: Mapping[str, Any],
    make: Callable[[], Schema],
) -> HttpResponse:
    """What `make` gives in the scope of the store's merchant, as JSON, or 304; the same in every language.

    `facts` are what `marks` ask for besides `now`; together they tell the document from all others of the
    merchant.
    """
    found = store_often(slug)
    merchant_id = found.merchant_id
    key = (merchant_id, marks, *facts.values())

    def render() -> Composed:
        with merchant_scope(merchant_id):
            made = make().model_dump()
        return compose_packed(json.dumps(made, cls=NinjaJSONEncoder))

    def version() -> str:
        return read_version(merchant_id, marks, {**facts, "now": clock.now()})

    def kept() -> Composed:
        return DOCUMENTS.get(key, version, render)

    def again() -> Composed:
        if store_often(slug) != found:
            raise Moved(slug)
        return kept()

    return answer(request, kept(), HEADERS, again)
