from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.utils import translation

from tongdao.goods.catalog.importing import ParsedProduct, RowProblem, WrongFile, read_products
from tongdao.goods.catalog.importing.problems import MESSAGES

pytestmark = pytest.mark.pure

HEADER = [
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Status", "Gift Card",
    "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
    "Variant SKU", "Variant Grams", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Price",
    "Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable", "Variant Barcode",
    "Image Src", "Image Position", "Image Alt Text", "Variant Image",
]  # fmt: skip
Cells = dict[str, str]


def row(handle: str, title: str = "", price: str = "", size: str = "", **cells: str) -> Cells:
    named = {key.replace("_", " "): value for key, value in cells.items()}
    return {"Handle": handle, "Title": title, "Variant Price": price, "Option1 Value": size} | named


def sized(handle: str, *sizes: str, **cells: str) -> list[Cells]:
    """A product with one variant for each size, all at 1 yuan."""
    first = row(handle, "T", "1", sizes[0], **{"Option1 Name": "Size"} | cells)
    return [first, *(row(handle, price="1", size=size) for size in sizes[1:])]


def plain(handle: str = "a", price: str = "1", **cells: str) -> Cells:
    return row(handle, "T", price, "Default Title", **{"Option1 Name": "Title"} | cells)


def read(*rows: Cells, header: list[str] | None = None) -> tuple[list[ParsedProduct], list[tuple[Any, ...]]]:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header or HEADER, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return split_up(out.getvalue().encode())


def split_up(content: bytes) -> tuple[list[ParsedProduct], list[tuple[Any, ...]]]:
    found = list(read_products(io.BytesIO(content)))
    problems = [(item.line, item.column, item.code) for item in found if isinstance(item, RowProblem)]
    return [item for item in found if isinstance(item, ParsedProduct)], problems


def test_one_plain_product() -> None:
    (product,), problems = read(plain(Body_="x", **{"Body (HTML)": "<p>a</p><script>b</script>"}))
    assert problems == []
    assert (product.options, product.variants[0].option_values) == ((), ())
    assert product.body_html == "<p>a</p>"


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"Variant Price": ""}, "Variant Price", "price_missing"),
        ({"Variant Price": "1,5"}, "Variant Price", "price"),
        ({"Variant Price": "-1"}, "Variant Price", "price"),
        ({"Variant Price": "1.005"}, "Variant Price", "price"),
        ({"Variant Price": "9" * 30}, "Variant Price", "price"),
        ({"Variant Compare At Price": "x"}, "Variant Compare At Price", "price"),
        ({"Variant Grams": "heavy"}, "Variant Grams", "number"),
        ({"Variant Inventory Qty": "1.5"}, "Variant Inventory Qty", "number"),
        ({"Variant Inventory Qty": "3000000000"}, "Variant Inventory Qty", "number"),
        ({"Variant Inventory Policy": "maybe"}, "Variant Inventory Policy", "policy"),
        ({"Variant Taxable": "perhaps"}, "Variant Taxable", "flag"),
        ({"Variant Image": "javascript:x"}, "Variant Image", "url"),
        ({"Variant SKU": "x" * 121}, "Variant SKU", "too_long"),
        ({"Option2 Value": "x"}, "Option2 Value", "option_unnamed"),
        ({"Option1 Value": ""}, "Option1 Value", "option_missing"),
        ({"Option1 Name": "Colour"}, "Option1 Name", "option_renamed"),
        ({"Option1 Value": "S"}, "", "variant_twice"),
        ({"Variant SKU": "one"}, "Variant SKU", "sku_twice"),
    ],
)
def test_a_bad_variant_is_left_out_and_its_neighbours_go_in(cells: Cells, column: str, code: str) -> None:
    first, last = (
        row("a", "T", "1", "S", **{"Option1 Name": "Size", "Variant SKU": "one"}),
        row("a", "", "1", "L"),
    )
    products, problems = read(first, row("a", "", "1", "M") | cells, last, plain("b"))
    assert problems == [(3, column, code)]
    assert [product.handle for product in products] == ["a", "b"]
    assert [variant.option_values for variant in products[0].variants] == [("S",), ("L",)]


def test_a_bad_first_row_still_gives_title_options_and_image() -> None:
    first, second = sized("a", "S", "M", **{"Image Src": "https://a.example/x.png", "Image Alt Text": "X"})
    (product,), problems = read(first | {"Variant Price": "free"}, second)
    assert problems == [(2, "Variant Price", "price")]
    assert (product.title, product.options, len(product.variants)) == ("T", ("Size",), 1)
    assert [(image.url, image.alt, image.position) for image in product.images] == [
        ("https://a.example/x.png", "X", 1)
    ]


def test_a_bad_image_leaves_the_variant() -> None:
    (product,), problems = read(plain(**{"Image Src": "ftp://a.example/x.png"}))
    assert problems == [(2, "Image Src", "url")]
    assert (len(product.variants), product.images) == (1, ())


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"Title": ""}, "Title", "title_missing"),
        ({"Title": "x" * 256}, "Title", "too_long"),
        ({"Gift Card": "true"}, "Gift Card", "gift_card"),
        ({"Option2 Name": "Size", "Option2 Value": "x"}, "Option2 Name", "option_twice"),
        ({"Option3 Name": "Fit", "Option3 Value": "x"}, "Option2 Name", "option_unnamed"),
    ],
)
def test_some_flaws_leave_out_the_whole_product_reported_once(cells: Cells, column: str, code: str) -> None:
    first, second = sized("a", "S", "M")
    products, problems = read(first | cells, second, plain("b"))
    assert problems == [(2, column, code)]
    assert [product.handle for product in products] == ["b"]


def test_a_product_of_which_nothing_can_be_bought_is_reported() -> None:
    products, problems = read(plain(price="x"), plain("b"))
    assert problems == [(2, "Variant Price", "price"), (2, "", "no_variant")]
    assert [product.handle for product in products] == ["b"]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"Vendor": "x" * 121}, "Vendor", "too_long"),
        ({"Body (HTML)": "x" * 65_537}, "Body (HTML)", "too_long"),
        ({"Published": "soon"}, "Published", "flag"),
    ],
)
def test_a_bad_cell_of_the_product_itself_is_read_as_empty(cells: Cells, column: str, code: str) -> None:
    (product,), problems = read(plain(**cells))
    assert problems == [(2, column, code)]
    assert "" in (product.vendor, product.body_html)
    assert product.published is (column != "Published")


def test_handles_that_come_again_are_refused() -> None:
    products, problems = read(plain("a"), plain("b"), plain("a", "2"), row("a", price="3"), plain("c"))
    assert [product.handle for product in products] == ["a", "b", "c"]
    assert products[0].variants[0].price == 100
    assert problems == [(4, "Handle", "handle_again")]


@pytest.mark.parametrize("handle", ["a b", "a/b", "..", "a?b", "a%20b", "a\nb"])
def test_a_handle_must_fit_into_an_address(handle: str) -> None:
    products, problems = read(plain(handle), plain("名字"))
    assert [code for _, _, code in problems] in (["handle"], ["handle"])
    assert [product.handle for product in products] == ["名字"]


def test_rows_without_handle_or_content_are_reported_and_end_nothing() -> None:
    first, second = sized("a", "S", "M")
    (product,), problems = read(first, row("", "x"), row("a"), second)
    assert problems == [(3, "Handle", "handle_missing"), (4, "", "empty_row")]
    assert len(product.variants) == 2


@pytest.mark.parametrize(
    ("was", "read_as"), [("", None), ("0", None), ("0.99", None), ("1", None), ("1.01", 101), ("85", 8500)]
)
def test_a_compare_at_price_must_be_above_the_price(was: str, read_as: int | None) -> None:
    (product,), _ = read(plain(**{"Variant Compare At Price": was}))
    assert product.variants[0].compare_at == read_as


@pytest.mark.parametrize(
    ("column", "text", "name", "value"),
    [
        ("Variant Inventory Qty", "", "stock", None),
        ("Variant Inventory Qty", "-3", "stock", 0),
        ("Variant Inventory Qty", "7", "stock", 7),
        ("Variant Grams", "", "grams", 0),
        ("Variant Grams", "28.4999", "grams", 28),
        ("Variant Grams", "28.5", "grams", 29),
        ("Variant SKU", "'00123", "sku_code", "00123"),
        ("Variant SKU", "", "sku_code", None),
        ("Variant Barcode", "'690", "barcode", "690"),
        ("Variant Inventory Policy", "CONTINUE", "policy", "continue"),
        ("Variant Inventory Policy", "", "policy", "deny"),
        ("Variant Taxable", "FALSE", "taxable", False),
        ("Variant Requires Shipping", "", "requires_shipping", True),
    ],
)
def test_variant_cells(column: str, text: str, name: str, value: object) -> None:
    (product,), problems = read(plain(**{column: text}))
    assert problems == []
    assert getattr(product.variants[0], name) == value


@pytest.mark.parametrize(
    ("cells", "published"),
    [({}, True), ({"Published": "false"}, False), ({"Status": "draft"}, False), ({"Status": "Active"}, True)],
)
def test_published(cells: Cells, published: bool) -> None:
    (product,), _ = read(plain(**cells))
    assert product.published is published


def test_images_come_once_and_in_the_order_of_their_positions() -> None:
    def image(name: str, position: str) -> Cells:
        return {"Image Src": f"https://a.example/{name}", "Image Position": position}

    rows = [
        row("a") | image("b", "2"),
        row("a") | image("c", "1"),
        row("a") | image("b", "9"),
        row("a") | image("d", ""),
    ]
    (product,), problems = read(plain("a"), *rows)
    assert problems == []
    assert [(picture.url[-1], picture.position) for picture in product.images] == [
        ("c", 1),
        ("b", 2),
        ("d", 3),
    ]


def test_tags_and_blanks_are_tidied() -> None:
    (product,), _ = read(plain(Tags=" tea,, green tea ,tea", Vendor=" A \n B\t", Title=" T\x07 "))
    assert (product.tags, product.vendor, product.title) == (("tea", "green tea"), "A B", "T")


def test_too_many_variants_and_images_are_bounded() -> None:
    sizes = sized("a", *(str(n) for n in range(2051)))
    images = [row("a") | {"Image Src": f"https://a.example/{n}"} for n in range(255)]
    (product,), problems = read(*sizes, *images)
    assert (len(product.variants), len(product.images)) == (2048, 250)
    assert problems == [(2050, "", "too_many_rows"), (2303, "", "too_many_rows")]


def test_columns_that_are_not_there_read_as_empty() -> None:
    (product,), problems = read(
        plain(), header=["Variant Price", "Title", "Handle", "Option1 Name", "Option1 Value"]
    )
    assert problems == []
    assert (product.published, product.variants[0].stock, product.vendor) == (True, None, "")


def test_rows_of_another_width() -> None:
    text = "handle,TITLE,Variant Price\na,A,1\nb,B,2,,\nc,C,3,x\nd,D\ne,E,5"
    products, problems = split_up(text.encode())
    assert [product.handle for product in products] == ["a", "b", "e"]
    assert problems == [(4, "", "cells"), (5, "Variant Price", "price_missing"), (5, "", "no_variant")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n \n", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        ("Handle,Title".encode("utf-16"), "utf16"),
        (b"\x7fELF\2\1\1\0\0\0", "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "header"),
        (b"Handle,Title,Variant Price\ra,b,1\r", "line_ends"),
        (b"Name,Price\na,1\n", "header"),
        (b"Handle,Title\na,1\n", "header"),
        (b'{"a": 1}', "header"),
        (b"Handle,Title,Variant Price,handle\n", "column_twice"),
        (b'"Handle,Title,Variant Price\na,b,1\n', "header"),
    ],
)
def test_a_wrong_file_is_refused_at_once_in_clear_words(content: bytes, reason: str) -> None:
    with pytest.raises(WrongFile) as caught:
        read_products(io.BytesIO(content))
    assert caught.value.details["reason"] == reason
    with translation.override("en"):
        assert str(caught.value).startswith("This file cannot be imported: ")


def test_only_yuan_are_sold_in() -> None:
    with pytest.raises(WrongFile, match="EUR"):
        read_products(io.BytesIO(b"Handle,Title,Variant Price\n"), currency="EUR")


def test_every_problem_speaks_chinese_and_english() -> None:
    for code in MESSAGES:
        problem = RowProblem(1, "", code, {"value": "X%", "limit": 5})
        with translation.override("en"):
            english = problem.message
        with translation.override("zh-hans"):
            chinese = problem.message
        assert english.isascii() or "“" in english
        assert any("\u4e00" <= char <= "\u9fff" for char in chinese), code
        assert ("X%" in english, "5" in english) == ("X%" in chinese, "5" in chinese)


def test_a_long_wrong_cell_is_not_repeated_whole() -> None:
    problem = next(read_products(io.BytesIO(b"Handle,Title,Variant Price\na,A," + b"x" * 999)))
    assert isinstance(problem, RowProblem)
    assert problem.args == {"value": "x" * 39 + "…"}
