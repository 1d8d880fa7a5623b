"""Shops under names of their own: who comes by a name finds that shop, and nobody takes another's name."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test import Client

from tests.support.builders import Shop, make_shop
from tongdao.foundation import clock
from tongdao.foundation.fetching import Fetcher
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.party.merchants.models import ShopDomain, Storefront
from tongdao.party.merchants.operations.domains import SIGN, Reached, try_domain
from tongdao.party.merchants.operations.storefronts import edit_storefront
from tongdao.party.merchants.refusals import DomainReserved, DomainTaken


def a_name() -> str:
    return f"{token(8).lower().replace('_', 'x').replace('-', 'y')}.example.com"


def lead(shop: Shop, domain: str) -> None:
    with merchant_scope(shop.merchant_id):
        edit_storefront(shop.storefront_id, name="茶铺", notice="", domain=domain, actor=shop.owner)


@pytest.fixture
def shop() -> Shop:
    return make_shop()


def home(domain: str, path: str = "/") -> tuple[int, str]:
    answer = Client(HTTP_HOST=domain).get(path)
    return answer.status_code, answer.content.decode()


def test_a_name_leads_to_its_shop_and_its_pages(shop: Shop) -> None:
    name = a_name()
    assert home(name)[0] == 400, "nobody's name is no door"
    lead(shop, name)
    status, page = home(name)
    assert status == 200 and "茶铺" in page
    assert f'<link rel="canonical" href="http://{name}/s/{shop.slug}/">' in page
    assert home(name, f"/s/{shop.slug}/categories")[0] == 200
    assert home(f"{name}:8443")[0] == 200
    assert home(name.upper())[0] == 200
    assert home(name, "/.well-known/tongdao") == (200, shop.slug)


def test_a_visitor_keeps_a_cart_under_the_name(shop: Shop) -> None:
    name = a_name()
    lead(shop, name)
    browser = Client(HTTP_HOST=name, enforce_csrf_checks=True)
    with merchant_scope(shop.merchant_id):
        handle = Sku.objects.select_related("product").get(pk=shop.skus[0]).product.handle
    product = f"/s/{shop.slug}/p/{handle}"
    assert browser.get(product).status_code == 200
    asked = {"sku": str(shop.skus[0]), "quantity": "2"}
    put = browser.post(f"{product}/choose", asked, headers={"origin": f"http://{name}"})
    assert put.status_code == 302, "its own pages may send forms"
    strange = browser.post(f"{product}/choose", asked, headers={"origin": "http://evil.example"})
    assert strange.status_code == 403
    assert "2" in browser.get(f"/s/{shop.slug}/cart").content.decode()


def test_nothing_else_is_under_a_shops_name(shop: Shop, settings: Any) -> None:
    name, other = a_name(), make_shop()
    lead(shop, name)
    assert home(name, f"/s/{other.slug}/")[0] == 404
    for path in ("/console/", "/promote/", "/api/v1/docs"):
        answer = Client(HTTP_HOST=name).get(f"{path}?a=1")
        assert answer.status_code == 302
        assert answer["Location"] == f"{settings.BASE_URL}{path}?a=1"
    assert Client(HTTP_HOST=name).post("/callbacks/wechat/x").status_code == 404


def test_a_name_is_taken_once_and_freed_when_it_is_changed(shop: Shop) -> None:
    name, other = a_name(), make_shop()
    lead(shop, name)
    with pytest.raises(DomainTaken):
        lead(other, name)
    with merchant_scope(other.merchant_id):
        assert Storefront.objects.get(pk=other.storefront_id).domain == ""
    lead(shop, a_name())
    assert home(name)[0] == 400
    lead(other, name)
    assert home(name, f"/s/{other.slug}/")[0] == 200
    lead(other, "")
    assert home(name)[0] == 400


def test_the_platforms_own_names_are_nobodys(shop: Shop) -> None:
    assert home("testserver", f"/s/{shop.slug}/")[0] == 200
    with pytest.raises(DomainReserved):
        lead(shop, "own.example")


@pytest.fixture(autouse=True)
def _own_name(settings: Any) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "own.example"]


@pytest.mark.parametrize("host", ["a b", "x/y", "evil.example", "a.example@b.example", "茶.example", "[::1"])
def test_any_other_host_is_refused(host: str) -> None:
    assert Client(HTTP_HOST=host).get("/healthz").status_code == 400


def test_the_database_lets_no_other_merchant_take_a_name_out(shop: Shop) -> None:
    name, other = a_name(), make_shop()
    lead(shop, name)
    with merchant_scope(other.merchant_id):
        assert ShopDomain.objects.filter(domain=name).delete()[0] == 0
    with pytest.raises(ProgrammingError, match="row-level security"), merchant_scope(other.merchant_id):
        ShopDomain.objects.create(
            domain=a_name(),
            merchant_id=shop.merchant_id,
            storefront_id=other.storefront_id,
            slug="x",
            since=clock.now(),
        )
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        merchant_scope(shop.merchant_id),
        connection.cursor() as cursor,
    ):
        cursor.execute("update shop_domain set slug = 'x' where domain = %s", [name])


def test_a_proxy_may_ask_before_it_orders_a_certificate(shop: Shop) -> None:
    name = a_name()
    asked = "/.well-known/tongdao/domain?domain="
    assert Client().get(asked + name).status_code == 404
    lead(shop, name)
    assert Client().get(asked + name).status_code == 200
    for wrong in ("", "x" * 300, "own.example", "%00"):
        assert Client().get(asked + wrong).status_code == 404


class Answering(BaseHTTPRequestHandler):
    """Says what the test wants under the sign's path; a text that is empty stands for 404."""

    said = ""

    def do_GET(self) -> None:
        self.send_response(200 if self.said and self.path == SIGN else 404)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(self.said.encode())

    def log_message(self, *args: object) -> None:
        return None


@pytest.mark.parametrize(
    ("said", "expected"),
    [("tea", "here"), ("coffee", "elsewhere"), ("tea" * 100, "elsewhere"), ("", "elsewhere")],
)
def test_trying_a_name_asks_from_outside(said: str, expected: Reached) -> None:
    handler = type("Handler", (Answering,), {"said": said})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        gate = Fetcher(is_public=lambda address: True, ports=frozenset({server.server_port}))
        reached = try_domain(f"localhost:{server.server_port}", "tea", fetcher=gate)
        server.shutdown()
        thread.join()
    assert reached == expected


def test_a_name_that_leads_inside_is_not_fetched() -> None:
    assert try_domain("localhost", "tea") == "nowhere"
