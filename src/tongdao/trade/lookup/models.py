"""What a desk knows of an order that it looks for: kept by the event log, read by equality and beginnings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.tenancy import TenantModel, TenantRules


class OrderKey(TenantModel):
    """One thing that an order is found by. Its id is the order's; the key is (merchant_id, key, id).

    `key`: `n` and the number backwards, so that its last digits are a beginning; `p` and the blind index of
    the phone's last four digits (hex; nothing of the number can be read from it); `s` and a SKU's id.
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    key = models.CharField(max_length=65, db_collation="C")

    class Meta(TenantModel.Meta):
        db_table = "order_key"
