"""Names of shops' own."""

from __future__ import annotations

from django.db import models


class ShopDomain(models.Model):
    """A name under which a shop is reached. Of all merchants: who comes says the name and nothing else.

    Everybody may look up; the database lets only its own merchant enter, change or take out a name.
    """

    domain = models.CharField(primary_key=True, max_length=253)
    merchant_id = models.UUIDField()
    storefront_id = models.UUIDField()
    slug = models.CharField(max_length=40)  # the shop's path, which never changes
    since = models.DateTimeField()

    class Meta:
        db_table = "shop_domain"
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "storefront_id"], name="shop_domain_of_shop")
        ]
