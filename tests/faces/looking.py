"""A merchant with something of every kind, and who looks at each face's pages; for walks over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.test import Client

from bench.screens.places import Place, places, values_for
from bench.screens.worlds import World, an_operator, cookies_of
from tests.faces.api.calling import Town, served
from tests.support.paying import PaySandbox
from tests.support.wechat import WechatSandbox
from tests.tenancy.neighbours import make_neighbour
from tests.trade.shipping.sandbox import CarrierSandbox
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.favourites.operations import keep_favourite
from tongdao.party.network.models import Promoter
from tongdao.party.people.models import Person

HERE = "testserver"


@contextmanager
def a_world(folder: Path) -> Iterator[World]:
    """As tests.tenancy makes its neighbours; the promoter has a password, so that it is somebody."""
    paying, carrier = PaySandbox(folder / "wechatpay"), CarrierSandbox(folder / "carrier")
    wechat = WechatSandbox(folder / "wechat")
    carrier.start()
    gateways = {"wechatpay_url": paying.papers["gateway"], "carrier_url": carrier.url}
    try:
        with served(**gateways, wechat_url=wechat.gateway) as url:
            made = make_neighbour(Town(url, paying, wechat))
        shop, buyer = made.examples.world.shop, made.examples.world.buyer.person_id
        with merchant_scope(shop.merchant_id):
            promoter = Promoter.objects.values_list("person_id", flat=True)[0]
            keep_favourite(buyer, made.examples.ids["product_id"])  # type: ignore[arg-type]
        for person in Person.objects.filter(pk=promoter):
            person.set_password("three small cups")
            person.save(update_fields=["password"])
        viewers = {"shop": buyer, "promoter": promoter, "console": made.owner.pk}
        viewers["operator"] = an_operator()
        yield World("full", shop.merchant_id, shop.slug, viewers)
    finally:
        wechat.close()
        carrier.kill()
        paying.close()


def pages() -> list[Place]:
    return places()


def path_of(place: Place, world: World) -> str | None:
    values = values_for(place, world)
    return place.path(values) if values is not None else None


def is_page(place: Place, world: World, path: str) -> bool:
    """Not what only takes a form, not a file, not a leading on: something to be looked at."""
    answer = browser_of(place, world).get(path)
    html = answer.get("Content-Type", "").startswith("text/html")
    return answer.status_code not in (302, 405) and html and "Content-Disposition" not in answer


def browser_of(place: Place, world: World) -> Client:
    """Somebody whom the face knows, without a browser."""
    client = Client(enforce_csrf_checks=True)
    for name, value in cookies_of(world, place.face).items():
        client.cookies[name] = value
    return client
