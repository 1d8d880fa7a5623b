"""Entrances: share links and the touches that they bring."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.tenancy import TenantForeignKey, TenantModel, TenantRules
from tongdao.goods.catalog.models import Product
from tongdao.party.merchants.models import Storefront
from tongdao.party.network.models import Promoter


class ShareLink(TenantModel):
    """A short link to a store or a product. `token` is unique across merchants through the directory."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id")

    token = models.CharField(max_length=16)
    channel = models.CharField(max_length=24)  # entrance: "moments", "weibo", "poster", "direct", …
    storefront: TenantForeignKey[Storefront, Storefront] = TenantForeignKey(Storefront)
    product: TenantForeignKey[Product | None, Product | None] = TenantForeignKey(
        Product, null=True, indexed=False
    )
    promoter: TenantForeignKey[Promoter | None, Promoter | None] = TenantForeignKey(Promoter, null=True)
    person_id = models.UUIDField(null=True)  # the promoter's person, who owns the link
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        db_table = "share_link"
        indexes = [models.Index(fields=["person_id"], name="share_link_person")]
        constraints = [models.UniqueConstraint(fields=["merchant_id", "token"], name="share_link_token")]


class Touch(TenantModel):
    """One visit through a link. `visitor` is a random key in the visitor's own browser."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(person="person_id", append_only=True)

    link: TenantForeignKey[ShareLink, ShareLink] = TenantForeignKey(ShareLink)
    promoter: TenantForeignKey[Promoter | None, Promoter | None] = TenantForeignKey(
        Promoter, null=True, indexed=False
    )
    channel = models.CharField(max_length=24)
    visitor = models.UUIDField()
    person_id = models.UUIDField(null=True)  # known when the visitor was signed in already
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "touch"
        indexes = [
            models.Index(fields=["merchant_id", "visitor", "at"], name="touch_visitor"),
            models.Index(fields=["merchant_id", "person_id", "at"], name="touch_of_person"),
            models.Index(fields=["person_id"], name="touch_person"),
        ]


class VisitDay(TenantModel):
    """How many came to the merchant's shops on a day of Beijing's calendar, robots left out."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    day = models.DateField()
    views = models.BigIntegerField(default=0)  # pages shown
    visits = models.BigIntegerField(default=0)  # a new one begins after half an hour without a page
    visitors = models.BigIntegerField(default=0)  # each counted once a day

    class Meta(TenantModel.Meta):
        db_table = "visit_day"
        constraints = [models.UniqueConstraint(fields=["merchant_id", "day"], name="visit_day_once")]


class DayVisitor(TenantModel):
    """Somebody who came today, so that they are counted once. Gone when the day is over.

    `mark` is a keyed hash of address and browser, under a key of this merchant and day: it leads neither back
    to them nor to another day or shop.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    day = models.DateField()
    mark = models.BinaryField(max_length=16)
    last_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "day_visitor"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "day", "mark"], name="day_visitor_once")
        ]
