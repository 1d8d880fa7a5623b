"""The base of every merchant-owned table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from tongdao.foundation.ids import uuid7
from tongdao.foundation.tenancy.scopes import OutsideScope, current_merchant, current_scope

_M = TypeVar("_M", bound=models.Model)
_ST = TypeVar("_ST")
_GT = TypeVar("_GT")


@dataclass(frozen=True, slots=True)
class TenantRules:
    """Who else sees a table's rows, besides the merchant.

    `person`: the column that names the person who owns the row (SELECT in a person_scope), or None.
    `node`: the column that names the partner who owns it; "shared" (all partners of the merchant read it)
    or "hidden" (none does).
    `platform`: operators may read it. `append_only`: neither role may update or delete.
    """

    person: str | None = None
    node: str = "hidden"
    platform: bool = True
    append_only: bool = False


class ScopedManager(models.Manager[_M]):
    """The first lock: no query without a scope, and each one filtered by it. The second is the database's."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[_M]:
        scope = current_scope()
        rules: TenantRules = getattr(self.model, "tenant_rules", TenantRules())
        if scope is None:
            raise OutsideScope(f"{self.model.__name__} read outside a scope")
        rows = super().get_queryset()
        if scope.kind == "person":
            if rules.person is None:
                raise OutsideScope(f"{self.model.__name__} is not a person's to see")
            return rows.filter(**{f"{rules.person}__same_as": scope.person})
        rows = rows.filter(merchant_id=scope.merchant)
        if scope.kind == "node" and rules.node == "hidden":
            raise OutsideScope(f"{self.model.__name__} is not a partner's to see")
        if scope.kind == "node" and rules.node != "shared":
            return rows.filter(**{rules.node: scope.node})
        return rows


class TenantForeignKey(models.ForeignKey[_ST, _GT]):
    """A relation inside one merchant. The real constraint is `(merchant_id, x_id)`, made by SecureTable.

    `indexed` says whether `(merchant_id, x_id)` gets an index; leave it out where no query goes that way.
    """

    def __init__(self, *args: Any, indexed: bool = True, **kwargs: Any) -> None:
        self.indexed = indexed
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        kwargs.setdefault("on_delete", models.DO_NOTHING)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        kwargs.pop("db_index", None)
        if not self.indexed:
            kwargs["indexed"] = False
        return name, path, args, kwargs


class TenantModel(models.Model):
    """A merchant-owned row. In the database its key is `(merchant_id, id)`."""

    tenant_rules: ClassVar[TenantRules] = TenantRules()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant_id = models.UUIDField(default=current_merchant, editable=False)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
