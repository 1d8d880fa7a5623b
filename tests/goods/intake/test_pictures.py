"""Pictures by URL: from public addresses only, patient without a network, kept as our own pixels."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from PIL import Image

from tests.goods.intake.support import bring_in, row, sheet
from tests.support.builders import Shop, make_shop
from tongdao.foundation import clock
from tongdao.foundation.events import Event
from tongdao.foundation.fetching import Fetcher
from tongdao.foundation.tenancy import ScopeNested, merchant_scope
from tongdao.goods.catalog.models import Product, ProductImage
from tongdao.goods.intake.operations import fetch_images, retry_images
from tongdao.goods.intake.operations.pictures import TRIES, _fetch_one

ALL = 1000


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "#b8442c").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """Answers /ok.png with a picture and /text with something else."""
    found = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


class Pictures(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        good = self.path == "/ok.png"
        body = png() if good else b"<svg/>"
        self.send_response(200 if good or self.path == "/text" else 404)
        self.send_header("Content-Type", "image/png" if good else "image/svg+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def shop_with(url: str) -> Shop:
    shop = make_shop(())
    bring_in(shop, sheet(row("a", image=url)))
    return shop


def image_of(shop: Shop) -> ProductImage:
    with merchant_scope(shop.merchant_id):
        return ProductImage.objects.select_related("product").get()


def sweep(shop: Shop, fetcher: Fetcher | None = None, *, later: timedelta = timedelta()) -> ProductImage:
    """One round over this shop's picture, whatever other tests left."""
    with connections["platform"].cursor() as cursor:
        cursor.execute("select count(*) from product_image where state = 'pending'")
        assert cursor.fetchone()[0] > 0
    _fetch_one(shop.merchant_id, image_of(shop).id, clock.now() + later, fetcher or Fetcher())
    return image_of(shop)


def local(server: ThreadingHTTPServer) -> tuple[str, Fetcher]:
    port = server.server_address[1]
    return f"http://127.0.0.1:{port}", Fetcher(is_public=lambda _: True, ports=frozenset({port}))


def test_a_picture_is_stored_as_ours(server: ThreadingHTTPServer) -> None:
    base, fetcher = local(server)
    shop = shop_with(f"{base}/ok.png")
    image = sweep(shop, fetcher)
    assert (image.state, image.width, image.height, image.problem) == ("ready", 40, 30, "")
    assert image.file.startswith(f"{shop.merchant_id}/") and image.file.endswith(".webp")
    with Image.open(Path(settings.MEDIA_ROOT) / image.file) as stored:
        assert (stored.format, stored.size) == ("WEBP", (40, 30))
    assert image.product.version == 2
    with merchant_scope(shop.merchant_id):
        assert Event.objects.filter(name="product.updated", subject_id=image.product_id).count() == 1
    assert bring_in(shop, sheet(row("a", image=f"{base}/ok.png"))).counts.products_unchanged == 1
    assert image_of(shop).state == "ready"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x.png",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/x.png",
        "http://10.0.0.7/a",
    ],
)
def test_an_address_inside_is_never_asked(url: str) -> None:
    image = sweep(shop_with(url))
    assert (image.state, image.problem, image.file) == ("failed", "not_public", "")
    assert image.product.version == 1


def test_what_is_no_picture_is_given_up_at_once(server: ThreadingHTTPServer) -> None:
    base, fetcher = local(server)
    image = sweep(shop_with(f"{base}/text"), fetcher)
    assert (image.state, image.problem) == ("failed", "type")


def test_a_failing_server_is_asked_again_later_and_not_for_ever(server: ThreadingHTTPServer) -> None:
    base, fetcher = local(server)
    shop = shop_with(f"{base}/gone.png")
    image = sweep(shop, fetcher)
    assert (image.state, image.tries, image.problem) == ("pending", 1, "")
    assert image.check_at is not None and image.check_at > clock.now()
    assert sweep(shop, fetcher).tries == 1, "it waits"
    for day in range(1, TRIES):
        assert image_of(shop).state == "pending"
        sweep(shop, fetcher, later=timedelta(days=2 * day))
    image = image_of(shop)
    assert (image.state, image.tries, image.problem) == ("failed", TRIES, "status")
    with merchant_scope(shop.merchant_id):
        assert retry_images(actor=shop.owner) == 1
    assert (image_of(shop).state, image_of(shop).tries) == ("pending", 0)


def test_without_a_network_it_just_waits() -> None:
    shop = shop_with("https://nowhere.invalid/x.png")
    image = sweep(shop)
    assert (image.state, image.tries) == ("pending", 1)


def test_the_sweep_finds_what_is_due(server: ThreadingHTTPServer) -> None:
    base, fetcher = local(server)
    shop = shop_with(f"{base}/ok.png")
    assert fetch_images(clock.now(), ALL, fetcher=fetcher) > 0
    assert image_of(shop).state == "ready"
    with merchant_scope(shop.merchant_id):
        assert Product.objects.get().version == 2


def test_no_scope_is_open_while_a_stranger_is_asked(server: ThreadingHTTPServer) -> None:
    base, fetcher = local(server)
    shop = shop_with(f"{base}/ok.png")
    with merchant_scope(shop.merchant_id), pytest.raises(ScopeNested):
        fetcher.fetch(f"{base}/ok.png", max_bytes=10, timeout=1, allowed_types=["image/png"])
