"""API v1: the same operations that the pages stand on, for programs."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Router, Swagger
from ninja.parser import Parser

from tongdao import __version__
from tongdao.faces.api import (
    accounts,
    cart,
    case_desk,
    case_disputes,
    commissions,
    company,
    consents,
    desk,
    devices,
    dispatches,
    divisions,
    feed,
    freight,
    goods_batches,
    goods_editing,
    goods_pictures,
    imports,
    links,
    lists,
    merchants,
    merges,
    mine,
    mini_program,
    money,
    my_cases,
    my_data,
    my_income,
    notes,
    numbers,
    offers,
    orders,
    parcels,
    payees,
    payments,
    payouts,
    people,
    plans,
    promoters,
    promotions,
    purchases,
    quotes,
    refunds,
    return_settings,
    review_desk,
    reviews,
    search,
    staff,
    store,
    talk,
    talk_desk,
    trend,
)
from tongdao.faces.api.errors import answer_problems

DESCRIPTION = """\
Commerce in which a merchant, its channel partners and its promoters walk one path.

Begin with `POST /guests` or `POST /tokens` and send `Authorization: Bearer …`. Money is whole fen
(`*_fen`) in the `currency` beside it. A refusal always has the shape of `Problem`; its `code` is stable, its
`message` is in the language of `Accept-Language`. What is not yours answers 404.
"""
ROUTERS: tuple[Router, ...] = (
    purchases.router,  # first, since addresses are tried in this order and this one comes most often
    people.router,
    numbers.router,
    mini_program.router,
    devices.router,
    merges.router,
    consents.router,
    merchants.router,
    staff.router,
    company.router,
    accounts.router,
    store.router,
    search.router,
    offers.router,
    goods_editing.router,  # that of goods, with more operations on the same addresses
    goods_batches.router,
    goods_pictures.router,
    imports.router,
    lists.router,
    freight.router,
    return_settings.router,
    plans.router,
    promotions.router,
    links.router,
    promoters.router,
    my_income.router,
    divisions.router,
    cart.router,
    mine.router,
    my_data.router,
    quotes.router,
    payments.router,
    orders.router,
    desk.router,
    parcels.router,
    dispatches.router,
    notes.router,
    trend.router,
    money.router,
    commissions.router,
    payouts.router,
    payees.router,
    refunds.router,
    reviews.router,
    review_desk.router,
    talk.router,
    my_cases.router,
    talk_desk.router,
    case_desk.router,
    case_disputes.router,
    feed.router,
)


class StrictParser(Parser):
    """JSON as its standard says: no NaN, no Infinity."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, parse_constant=_refuse)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def make_api() -> NinjaAPI:
    """The API with all its operations."""
    api = NinjaAPI(
        title="Tongdao",
        version=__version__,
        description=DESCRIPTION,
        urls_namespace="api",
        parser=StrictParser(),
        docs=Swagger(settings={"persistAuthorization": False, "tryItOutEnabled": True}),
    )
    answer_problems(api)
    for router in ROUTERS:
        api.add_router("", router)
    return api


api = make_api()
