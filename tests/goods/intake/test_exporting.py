"""What the shop writes into a product file comes back without changing anything."""

from __future__ import annotations

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.goods.intake.support import bring_in, catalogue, row, sheet
from tests.support.builders import Shop, make_shop
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Product, ProductImage, Sku
from tongdao.goods.intake.exporting import COLUMNS, export_products
from tongdao.goods.inventory.operations import set_on_hand


def taken_out(shop: Shop) -> bytes:
    return "".join(export_products(shop.merchant_id)).encode()


def test_it_changes_nothing_when_it_comes_back() -> None:
    shop = make_shop(())
    bring_in(
        shop,
        sheet(
            row("cup", "10.05", name="颜色", value="红, \"大\"", code="R", stock="5", was="12.00",
                image="https://a.example/1.jpg", picture="https://a.example/2.jpg"),
            row("cup", "11.00", name="颜色", value="白\n", code="W", image="https://a.example/3.jpg"),
            row("tea", "0.01", title="=1+1", body="<p>好茶</p>", published="false", code="'007"),
        ),
    )  # fmt: skip
    before = catalogue(shop)
    report = bring_in(shop, io.BytesIO(taken_out(shop)))
    assert report.problem_total == 0
    assert (report.counts.products_unchanged, report.counts.products) == (2, 2)
    assert catalogue(shop) == before


def test_another_shop_can_take_it_in() -> None:
    shop, other = make_shop(()), make_shop(())
    bring_in(shop, sheet(row("cup", "10.05", name="颜色", value="红", code="R", stock="5")))
    bring_in(other, io.BytesIO(taken_out(shop)))
    assert catalogue(other) == catalogue(shop)


def test_what_is_laid_aside_or_has_no_address_is_left_out() -> None:
    shop = make_shop((10_000,))
    with merchant_scope(shop.merchant_id):
        product = Product.objects.get()
        Sku.objects.create(
            product=product, position=2, currency="CNY", price_fen=100, saleable=False, archived=True,
            option_key="x", code="GONE",
        )  # fmt: skip
        ProductImage.objects.create(product=product, position=1, source_url="upload:abc", file="x.webp")
    rows = list(csv.reader(io.StringIO(taken_out(shop).decode("utf-8-sig"))))
    assert rows[0] == list(COLUMNS) and len(rows) == 2
    assert "GONE" not in rows[1] and "upload:abc" not in rows[1]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**9), st.none() | st.integers(1, 10**9), st.none() | st.integers(0, 10**6)
        ),
        min_size=1,
        max_size=4,
    )
)
def test_all_prices_and_counts_come_back_to_the_fen(drawn: list[tuple[int, int | None, int | None]]) -> None:
    shop = make_shop(())
    with merchant_scope(shop.merchant_id):
        product = Product.objects.create(handle="cup", title="杯", option_names=["号"])
        for place, (fen, more, units) in enumerate(drawn, 1):
            compare = min(fen + more, 10**9) if more and fen + more <= 10**9 else None
            sku = Sku.objects.create(
                product=product, position=place, currency="CNY", price_fen=fen, compare_at_fen=compare,
                option_values=[str(place)], option_key=str(place),
            )  # fmt: skip
            if units is not None:
                set_on_hand({sku.id: units}, node_id=shop.node_id, reason="count", actor=shop.owner)
    report = bring_in(shop, io.BytesIO(taken_out(shop)))
    assert (report.problem_total, report.counts.products_unchanged) == (0, 1)
    assert report.counts.stock_changed == 0


def test_what_cannot_be_given_back_travels_and_a_file_without_the_column_leaves_it() -> None:
    shop, other = make_shop(()), make_shop(())
    bring_in(shop, sheet(row("cup"), row("fish")))

    def kinds(of: Shop) -> dict[str, str]:
        with merchant_scope(of.merchant_id):
            return dict(Product.objects.values_list("handle", "return_exclusion"))

    with merchant_scope(shop.merchant_id):
        Product.objects.filter(handle="fish").update(return_exclusion="perishable")
    bring_in(other, io.BytesIO(taken_out(shop)))
    assert kinds(other) == kinds(shop) == {"cup": "", "fish": "perishable"}
    bring_in(shop, sheet(row("cup"), row("fish")))
    assert kinds(shop) == {"cup": "", "fish": "perishable"}
    text = taken_out(shop).decode().replace("perishable", "鲜活易腐", 1)
    assert bring_in(shop, io.BytesIO(text.encode())).problem_total == 0
    assert kinds(shop)["fish"] == "perishable"
    wrong = bring_in(shop, io.BytesIO(text.replace("鲜活易腐", "一律不退").encode()))
    assert [problem.code for problem in wrong.problems] == ["return_exclusion"]
    assert kinds(shop)["fish"] == "perishable"
    bring_in(shop, io.BytesIO(text.replace("鲜活易腐", "").encode()))
    assert kinds(shop)["fish"] == ""
