"""Good requests to what staff makes of goods: on a product that nobody buys."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.faces.api.calling import Form, World, a_file
from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.goods.editing.operations import run_batch
from tongdao.goods.intake.operations import run_import

OPTIONS = [{"name": "大小", "values": [{"text": "小"}, {"text": "大"}]}]
KEPT = [{"name": "大小", "was": "大小", "values": [{"text": "小", "was": "小"}, {"text": "大", "was": "大"}]}]


def a_product() -> dict[str, Any]:
    return {"title": f"杯 {token(6)}", "price_fen": 9_900, "options": OPTIONS}


def a_picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, "PNG")
    return SimpleUploadedFile("cup.png", out.getvalue(), "image/png")


def more(product: dict[str, Any]) -> dict[str, Any]:
    rule = {"how": "amount", "value": 1}
    return {"kind": "price", "rule": rule, "products": [product["product_id"]]}


def planned(product: dict[str, Any]) -> dict[str, Any]:
    return more(product) | {"due_at": (clock.now() + timedelta(days=2)).isoformat()}


def goods_examples(world: World) -> tuple[dict[str, str], dict[str, dict[str, str]], dict[str, Any]]:
    """Ids, ids of single operations, and bodies."""
    product = world.owner.post(f"{world.desk}/products", a_product(), 201)
    there = f"{world.desk}/products/{product['product_id']}"
    picture = world.owner.post(f"{there}/pictures", Form({"pictures": [a_picture()]}))["files"][0]
    batch = world.owner.post(f"{world.desk}/goods-batches", planned(product), 202)
    sku = product["skus"][0]["sku_id"]
    mine = {"product_id": product["product_id"]}
    names = (
        "edit_product save_product_skus change_product_options upload_product_pictures list_product_pictures"
        " arrange_product_pictures remove_product_picture restore_product_picture"
    )
    bodies = {
        "edit_product": {"title": product["title"], "version": product["version"]},
        "save_product_skus": {"skus": [{"sku_id": sku, "code": token(8), "was": {"price_fen": 9_900}}]},
        "change_product_options": {"version": product["version"], "options": KEPT},
        "arrange_product_pictures": {"order": [picture["image_id"]]},
        "preview_goods_batch": more(product),
        "begin_goods_batch": more(product),
        "count_stocks": {"counts": [{"sku_id": sku, "on_hand": 7}]},
    }
    return (
        {"batch_id": batch["batch_id"], "image_id": picture["image_id"]},
        dict.fromkeys(names.split(), mine),
        bodies,
    )


BODIES = {"make_product": a_product, "upload_product_pictures": lambda: Form({"pictures": [a_picture()]})}


def _waiting(world: World) -> dict[str, str]:
    product = world.owner.post(f"{world.desk}/products", a_product(), 201)
    return {"batch_id": world.owner.post(f"{world.desk}/goods-batches", planned(product), 202)["batch_id"]}


def _done(world: World) -> dict[str, str]:
    product = world.owner.post(f"{world.desk}/products", a_product(), 201)
    begun = world.owner.post(f"{world.desk}/goods-batches", more(product), 202)
    run_batch(world.shop.merchant_id, UUID(begun["batch_id"]))
    return {"batch_id": begun["batch_id"]}


def _imported(world: World) -> dict[str, str]:
    text = f"Handle,Title,Variant Price\n{token(8)},茶,38.00\n"
    handed_in = world.owner.post(f"{world.desk}/imports", a_file(text), 202)
    run_import(world.shop.merchant_id, UUID(handed_in["import_id"]))
    return {"import_id": handed_in["import_id"]}


ENDED = {"cancel_goods_batch": _waiting, "undo_goods_batch": _done, "undo_products_import": _imported}
