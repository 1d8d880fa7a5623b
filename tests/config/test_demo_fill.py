"""The demo merchant: filled once, the same after a second time, and somebody can buy there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.conftest import Cluster
from tests.support.builders import Shop, a_request, place_one
from tests.support.paying import PaySandbox
from tongdao.config.demo.fill import Row, fill
from tongdao.config.demo.people import STAFF
from tongdao.config.demo.store import STORE
from tongdao.foundation import clock, directory
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.events import Event
from tongdao.foundation.ids import token
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import PriceChange, Product, ProductImage, Sku
from tongdao.goods.catalog.reading import product_page, shelf
from tongdao.goods.inventory.models import Stock
from tongdao.party.merchants.models import MerchantAccount, Role, StaffMember, Storefront
from tongdao.party.merchants.operations import current_account
from tongdao.party.network.models import Promoter
from tongdao.party.people.operations import check_sign_in
from tongdao.reach.traffic.models import ShareLink
from tongdao.reach.traffic.operations import follow_link
from tongdao.terms.agreements.models import FreightTemplate
from tongdao.terms.plans.models import CommissionPlan
from tongdao.terms.promotions.models import Promotion
from tongdao.terms.promotions.operations import stop_promotion
from tongdao.terms.promotions.queries import flash_sales
from tongdao.trade.shipping.models import CarrierAccount

COUNTED = (
    Product, Sku, ProductImage, PriceChange, Stock, StaffMember, Promoter, ShareLink, CommissionPlan,
    MerchantAccount, CarrierAccount, FreightTemplate, Promotion, Event,
)  # fmt: skip
CARRIER = {"key": "k", "secret": "s", "customer": "c", "partner_id": "1"}


@dataclass(frozen=True)
class Demo:
    """A filled demo under a path of its own, on a data directory with papers of both sandboxes."""

    data: Path
    refill: Callable[[], list[Row]]
    rows: list[Row]

    @property
    def found(self) -> directory.Found:
        found = directory.lookup("storefront", self.rows[0].where.split("/")[2])
        assert found is not None
        return found

    @property
    def papers(self) -> Path:
        return self.data / "sandboxes" / "wechatpay" / "merchant.json"


@pytest.fixture(scope="module")
def demo(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One for all tests here, since it takes a while: those that change it say so."""
    data = tmp_path_factory.mktemp("demo")
    PaySandbox(data / "sandboxes" / "wechatpay").close()
    (data / "sandboxes" / "carrier").mkdir()
    (data / "sandboxes" / "carrier" / "account.json").write_text(json.dumps(CARRIER))
    store = replace(STORE, slug=f"demo-{token(10)}")

    def refill() -> list[Row]:
        return fill(store, data, "http://127.0.0.1:9", lambda _: None)

    return Demo(data, refill, refill())


def counts(found: directory.Found) -> dict[str, int]:
    with merchant_scope(found.merchant_id):
        return {model.__name__: model.objects.count() for model in COUNTED}


def test_a_second_time_changes_nothing(demo: Demo) -> None:
    before = counts(demo.found)
    assert demo.refill() == demo.rows
    assert counts(demo.found) == before
    assert before["Product"] == len(STORE.products)
    assert before["StaffMember"] == len(Role)
    assert before["ProductImage"] == sum(len(product.pictures) for product in STORE.products)
    assert (before["Promoter"], before["ShareLink"], before["MerchantAccount"]) == (2, 2, 1)


def test_the_shop_can_be_looked_at_and_bought_from(demo: Demo) -> None:
    found = demo.found
    with merchant_scope(found.merchant_id):
        front = Storefront.objects.get()
        assert (front.name, front.notice) == (STORE.name, STORE.tagline)
        assert [card.handle for card in shelf().cards] == [product.handle for product in STORE.products]
        page = product_page(STORE.products[0].handle)
        files = [front.hero, *(image.file for image in page.images)]
        skus = tuple(Sku.objects.filter(stocks__on_hand__gt=0).values_list("id", flat=True)[:2])
        node_id = Stock.objects.values_list("node_id", flat=True)[0]
        owner = StaffMember.objects.get(role=Role.OWNER)
    assert len(files) == 1 + len(STORE.products[0].pictures)
    assert all((Path(settings.MEDIA_ROOT) / file).read_bytes().startswith(b"<svg") for file in files)
    shop = Shop(found.merchant_id, found.id, front.slug, owner.person_id, node_id, skus)
    assert place_one(a_request(shop), shop).purchase_id


def test_there_is_an_offer_of_each_kind_and_one_that_was_stopped_stays_so(demo: Demo) -> None:
    merchant_id = demo.found.merchant_id
    with merchant_scope(merchant_id):
        kinds = dict(Promotion.objects.values_list("kind", "id"))
        assert kinds.keys() == {"coupon", "flash", "group_buy"}
        [sale] = flash_sales(clock.now())
        assert sale.running and sale.price_fen < (sale.base_fen or 0)
        assert FreightTemplate.objects.get().is_default
        stop_promotion(kinds["group_buy"], actor=SYSTEM)
    demo.refill()
    with clock.shifted(timedelta(days=6)):  # the flash sale is over by then
        demo.refill()
    with merchant_scope(merchant_id):
        assert Promotion.objects.filter(kind="group_buy").count() == 1
        assert Promotion.objects.filter(kind="flash").count() == 2


def test_a_crossed_out_price_was_really_asked(demo: Demo) -> None:
    found = demo.found
    wanted = {
        variant.sku_code: (variant.compare_at_fen, variant.price_fen)
        for product in STORE.products
        for variant in product.variants
        if variant.compare_at_fen
    }
    assert wanted
    with merchant_scope(found.merchant_id):
        for code, prices in wanted.items():
            history = PriceChange.objects.filter(sku__code=code).order_by("version")
            assert tuple(history.values_list("price_fen", flat=True)) == prices
            first, second = history
            assert (second.at - first.at).days >= 7


def test_everyone_signs_in_with_the_password_of_the_table(demo: Demo) -> None:
    rows = [row for row in demo.rows if row.what.startswith("console")]
    assert len(rows) == len(STAFF)
    for row in rows:
        sign_in_name, password = row.sign_in.split()
        assert check_sign_in(sign_in_name, password).is_active


def test_the_table_is_kept_for_us_only_and_its_links_lead_there(demo: Demo) -> None:
    rows = demo.rows
    path = demo.data / "demo.json"
    assert {oct(file.stat().st_mode)[-3:] for file in (path, demo.data / "demo-password")} == {"600"}
    written: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    assert [row["where"] for row in written] == [row.where for row in rows]
    links = [row.where.removeprefix("/l/") for row in rows if row.where.startswith("/l/")]
    visitor = demo.found.id
    landings = [follow_link(link, visitor=visitor) for link in links]
    assert [landing.product_id is None for landing in landings] == [True, False]


def test_a_gateway_that_moved_is_connected_anew(demo: Demo) -> None:
    given = json.loads(demo.papers.read_text(encoding="utf-8"))
    demo.papers.write_text(json.dumps(given | {"gateway": "http://127.0.0.1:1"}))
    demo.refill()
    with merchant_scope(demo.found.merchant_id):
        assert current_account().gateway_url == "http://127.0.0.1:1"
        assert MerchantAccount.objects.filter(effective_to__isnull=False).count() == 1


def test_the_command_makes_the_demo_store(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_fill")
    said = capsys.readouterr().out
    assert "payment account: no sandbox here" in said
    assert directory.lookup("storefront", STORE.slug)
    rows = json.loads((settings.ENV.data_dir / "demo.json").read_text(encoding="utf-8"))
    assert rows[0]["where"] == f"/s/{STORE.slug}/"
