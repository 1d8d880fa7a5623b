"""Products, SKUs, the one public price and its history."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules


class Product(TenantModel):
    """What a visitor looks at; what is bought is one of its SKUs. `version` rises with every change."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    handle = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    body_html = models.TextField(default="", blank=True)  # sanitised when written
    vendor = models.CharField(max_length=120, default="", blank=True)
    product_type = models.CharField(max_length=120, default="", blank=True)
    tags = models.JSONField(default=list)  # list of strings
    option_names = models.JSONField(default=list)  # at most three; empty for a product with one SKU
    published = models.BooleanField(default=False)
    category = models.CharField(max_length=32, default="", blank=True)  # of rulebook.licences, or empty
    licence_kind = models.CharField(max_length=32, default="", blank=True)  # that its SKUs need; empty: none
    number_needed = models.BooleanField(default=False)  # whether they need `registration_no` too
    registration_no = models.CharField(max_length=64, default="", blank=True)  # or filing number
    return_exclusion = models.CharField(max_length=32, default="", blank=True)  # code of rulebook.returns
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        db_table = "product"
        indexes = [
            models.Index(
                fields=["merchant_id", "licence_kind"],
                condition=~Q(licence_kind=""),
                name="product_licence_kind",
            )
        ]
        constraints = [models.UniqueConstraint(fields=["merchant_id", "handle"], name="product_handle")]


class ImageState(models.TextChoices):
    """Where a picture is."""

    PENDING = "pending"  # to be fetched from `source_url`
    READY = "ready"  # stored under `file`
    FAILED = "failed"  # could not be fetched or was refused; `problem` says why
    REMOVED = "removed"  # taken away by staff; `removed_file` says what comes back


class ProductImage(TenantModel):
    """A picture of a product. Pixels are stored by us; `source_url` is only where they came from."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    product: TenantForeignKey[Product, Product] = TenantForeignKey(Product, related_name="images")
    position = models.IntegerField()
    source_url = models.CharField(max_length=2000, default="", blank=True)
    file = models.CharField(max_length=255, default="", blank=True)  # path below MEDIA_ROOT
    removed_file = models.CharField(max_length=255, default="", blank=True)  # `file` before it was removed
    alt = models.CharField(max_length=512, default="", blank=True)
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    state = models.CharField(max_length=8, choices=ImageState.choices, default=ImageState.PENDING)
    problem = models.CharField(max_length=64, default="", blank=True)
    tries = models.SmallIntegerField(default=0)  # how often it was asked for
    check_at = models.DateTimeField(null=True)  # not to be asked for before; None: at once

    class Meta(TenantModel.Meta):
        db_table = "product_image"
        indexes = [
            models.Index(fields=["check_at"], condition=Q(state="pending"), name="product_image_pending")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "product", "source_url"], name="product_image_source"
            )
        ]


class Sku(TenantModel):
    """One thing that can be bought, at one public price."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    product: TenantForeignKey[Product, Product] = TenantForeignKey(Product, related_name="skus")
    position = models.IntegerField()
    code = models.CharField(max_length=120, default="", blank=True)
    option_values = models.JSONField(default=list)  # one string for each name in product.option_names
    option_key = models.CharField(
        max_length=800, default=""
    )  # the values joined by U+001F: unique in the product
    currency = models.CharField(max_length=3)
    price_fen = MoneyField()  # public retail price of one unit
    compare_at_fen = MoneyField(null=True)  # crossed-out price as stated by the merchant; shown with its base
    price_version = models.IntegerField(default=1)
    weight_g = models.IntegerField(default=0)  # grams of one unit as it is sent; 0: not known
    volume_cm3 = models.IntegerField(default=0)  # cubic centimetres of one unit as it is sent; 0: not known
    barcode = models.CharField(max_length=64, default="", blank=True)
    requires_shipping = models.BooleanField(default=True)
    saleable = models.BooleanField(default=True)
    held_for = models.CharField(max_length=16, default="", blank=True)  # why it is held back
    archived = models.BooleanField(default=False)  # its options are gone; its prices and orders stay
    image: TenantForeignKey[ProductImage | None, ProductImage | None] = TenantForeignKey(
        ProductImage, null=True, indexed=False
    )

    class Meta(TenantModel.Meta):
        db_table = "sku"
        indexes = [models.Index(fields=["merchant_id"], condition=~Q(held_for=""), name="sku_held_back")]
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "product", "option_key"], name="sku_options"),
            models.UniqueConstraint(fields=["merchant_id", "code"], condition=~Q(code=""), name="sku_code"),
            models.CheckConstraint(condition=Q(price_fen__gte=0), name="sku_price"),
            models.CheckConstraint(condition=Q(held_for="") | Q(saleable=False), name="sku_held"),
            models.CheckConstraint(condition=Q(archived=False) | Q(saleable=False), name="sku_archived"),
            models.CheckConstraint(condition=Q(weight_g__gte=0, volume_cm3__gte=0), name="sku_size"),
            models.CheckConstraint(
                condition=Q(compare_at_fen__isnull=True) | Q(compare_at_fen__gt=0), name="sku_compare_at"
            ),
        ]


class PriceChange(TenantModel):
    """One row for each price that a SKU ever had: the public history."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared", append_only=True)

    sku: TenantForeignKey[Sku, Sku] = TenantForeignKey(Sku, related_name="prices")
    version = models.IntegerField()
    price_fen = MoneyField()  # public retail price from `at` on
    compare_at_fen = MoneyField(null=True)  # crossed-out price from `at` on
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "price_change"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "sku", "version"], name="price_change_version")
        ]
