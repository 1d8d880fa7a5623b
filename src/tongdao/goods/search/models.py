"""The index of products: kept by the event log, read by equality alone (docs/algorithms/search.md)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongdao.foundation.tenancy import TenantModel, TenantRules

LONGEST = 64  # characters of a token; a longer word is found by its beginning


class SearchDocument(TenantModel):
    """What is known of a product. Its id is the product's."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    tokens = models.JSONField(default=dict)  # token → weight: where in the product it stands, see tokens.py
    sound = models.TextField(
        default="", db_collation="C"
    )  # the title's syllables and words: names sort by it
    shown = models.BooleanField(default=False)  # published, with something on sale

    class Meta(TenantModel.Meta):
        db_table = "search_document"
        indexes = [models.Index(fields=["merchant_id", "sound", "id"], name="search_document_sound")]


class SearchPosting(TenantModel):
    """A token of a product. Its id is the product's too; the key is (merchant_id, token, weight, id)."""

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    token = models.CharField(max_length=LONGEST, db_collation="C")
    weight = models.SmallIntegerField()

    class Meta(TenantModel.Meta):
        db_table = "search_posting"


class SearchToken(TenantModel):
    """How many products have a token, so that what is rare is known without looking.

    Its id is the merchant's: the key is (merchant_id, token).
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    token = models.CharField(max_length=LONGEST, db_collation="C")
    products = models.IntegerField()

    class Meta(TenantModel.Meta):
        db_table = "search_token"


class SearchSpelling(TenantModel):
    """A token under each text that is left of it without a letter, see spelling.py.

    Its id is the merchant's: the key is (merchant_id, cut, token).
    """

    tenant_rules: ClassVar[TenantRules] = TenantRules(node="shared")

    cut = models.CharField(max_length=LONGEST, db_collation="C")
    token = models.CharField(max_length=LONGEST, db_collation="C")

    class Meta(TenantModel.Meta):
        db_table = "search_spelling"
