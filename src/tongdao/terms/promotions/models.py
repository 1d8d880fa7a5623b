"""What a merchant offers below its public prices, how often it was used, and by whom."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tongdao.foundation.money import MoneyField
from tongdao.foundation.tenancy import TenantForeignKey, TenantModel
from tongdao.goods.catalog.models import Sku


class Kind(models.TextChoices):
    """What a promotion gives. One table holds all of them, so that placing treats them alike."""

    COUPON = "coupon"  # an amount or a part off what the eligible goods cost
    FLASH = "flash"  # one SKU at a lower price, for a while, mostly with a quota of its own
    GROUP_BUY = "group_buy"  # one SKU at a lower price for buyers who fill a group in time
    GIFT = "gift"  # units of a SKU on top, above an amount


# A CHECK that comes to NULL passes, so each column that must hold something says so first.
_NO_OFF = Q(off_fen__isnull=True, off_bps__isnull=True, most_off_fen__isnull=True)
_NO_GROUP = Q(group_size__isnull=True, group_hours__isnull=True)
_PLAIN = Q(code="", stacks=False, on_reduced=False)
_PRICED = (
    Q(sku__isnull=False, price_fen__isnull=False, price_fen__gt=0)
    & Q(gift_units__isnull=True, threshold_fen=0, product_ids=[])
    & _NO_OFF
    & _PLAIN
)
_AMOUNT = Q(off_fen__isnull=False, off_fen__gt=0, off_bps__isnull=True, most_off_fen__isnull=True)
_PART = Q(off_fen__isnull=True, off_bps__isnull=False, off_bps__range=(1, 10_000)) & (
    Q(most_off_fen__isnull=True) | Q(most_off_fen__gt=0)
)
_GROUPED = Q(group_size__isnull=False, group_size__gte=2, group_hours__isnull=False, group_hours__gte=1)
_GIVEN = Q(sku__isnull=False, gift_units__isnull=False, gift_units__gt=0, price_fen__isnull=True)
SHAPES = {
    Kind.COUPON: Q(sku__isnull=True, price_fen__isnull=True, gift_units__isnull=True)
    & _NO_GROUP
    & (_AMOUNT | _PART),
    Kind.FLASH: _PRICED & _NO_GROUP,
    Kind.GROUP_BUY: _PRICED & _GROUPED,
    Kind.GIFT: _GIVEN & _NO_OFF & _NO_GROUP & _PLAIN,
}


class Promotion(TenantModel):
    """One offer with its rules and its counter. `version` rises with each change of a rule, not with a use.

    `used` counts units (flash, group, gift) or uses (coupon) that orders hold. Whoever changes it, a member's
    counter or a group holds this row's lock (foundation.locks, rank QUOTA): see locking.
    """

    kind = models.CharField(max_length=9, choices=Kind.choices)
    title = models.CharField(max_length=60)
    code = models.CharField(max_length=20, default="", blank=True)  # coupon: upper-case, '' = offered to all
    sku: TenantForeignKey[Sku | None, Sku | None] = TenantForeignKey(Sku, null=True)  # flash, group, gift
    product_ids = models.JSONField(default=list, blank=True)  # ids as text; empty = all goods (coupon, gift)
    threshold_fen = MoneyField(default=0)  # eligible goods cost at least so much, after flash/group prices
    off_fen = MoneyField(null=True)  # coupon: so much off
    off_bps = models.IntegerField(null=True)  # coupon: or so many ten-thousandths off …
    most_off_fen = MoneyField(null=True)  # … but at most so much
    price_fen = MoneyField(null=True)  # flash, group: price of one unit
    gift_units = models.IntegerField(null=True)  # gift: units of the SKU with one order
    group_size = models.IntegerField(null=True)  # group: seats to be paid
    group_hours = models.IntegerField(null=True)  # group: time to fill them
    per_member = models.IntegerField(null=True)  # at most so many units or uses a member; None = no limit
    quota = models.IntegerField(null=True)  # at most so many units or uses in all; None = no limit
    used = models.IntegerField(default=0)  # units or uses that orders hold
    given_fen = MoneyField(default=0)  # what those orders saved by it
    stacks = models.BooleanField(default=False)  # coupon: goes together with other stacking coupons
    on_reduced = models.BooleanField(default=False)  # coupon: also for goods at a flash or group price
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)  # ended by hand before `ends_at`
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        db_table = "promotion"
        indexes = [
            models.Index(
                fields=["merchant_id", "ends_at"], condition=Q(stopped_at__isnull=True), name="promotion_live"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "code"], condition=~Q(code=""), name="promotion_code"
            ),
            *(
                models.CheckConstraint(condition=~Q(kind=kind) | shape, name=f"promotion_{kind}_shape")
                for kind, shape in SHAPES.items()
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="promotion_kind"),
            models.CheckConstraint(condition=Q(threshold_fen__gte=0), name="promotion_threshold"),
            models.CheckConstraint(
                condition=Q(per_member__isnull=True) | Q(per_member__gt=0), name="promotion_per_member"
            ),
            models.CheckConstraint(
                condition=Q(used__gte=0) & (Q(quota__isnull=True) | Q(used__lte=F("quota"))),
                name="promotion_quota",
            ),
            models.CheckConstraint(condition=Q(given_fen__gte=0), name="promotion_given"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="promotion_period"),
        ]


class PromotionMember(TenantModel):
    """How much of a promotion one member's orders hold. Made at the first use, never deleted."""

    promotion: TenantForeignKey[Promotion, Promotion] = TenantForeignKey(Promotion, indexed=False)
    member_id = models.UUIDField()
    used = models.IntegerField(default=0)  # units or uses, as in the promotion
    most = models.IntegerField(null=True)  # the promotion's `per_member`; None = no limit

    class Meta(TenantModel.Meta):
        db_table = "promotion_member"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "promotion", "member_id"], name="promotion_member_once"
            ),
            models.CheckConstraint(
                condition=Q(used__gte=0) & (Q(most__isnull=True) | Q(used__lte=F("most"))),
                name="promotion_member_limit",
            ),
        ]


class Group(TenantModel):
    """Buyers who share a group price. Nobody earns anything by opening one or by sharing its link."""

    promotion: TenantForeignKey[Promotion, Promotion] = TenantForeignKey(Promotion, indexed=False)
    opened_by = models.UUIDField()  # the member whose order took the first seat
    size = models.IntegerField()  # seats
    taken = models.IntegerField(default=0)  # seats that orders hold, paid or not
    paid = models.IntegerField(default=0)  # seats whose orders are paid
    deadline = models.DateTimeField()
    state = models.CharField(max_length=9, default="open")  # see states.GROUP
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        db_table = "buying_group"
        indexes = [
            models.Index(
                fields=["merchant_id", "promotion", "deadline"],
                condition=Q(state="open"),
                name="buying_group_open",
            ),
            models.Index(fields=["deadline"], condition=Q(state="open"), name="buying_group_due"),
            models.Index(
                fields=["deadline"],
                condition=Q(state="dissolved", taken__gt=0),
                name="buying_group_undone",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(paid__gte=0, taken__gte=F("paid"), size__gte=F("taken")),
                name="buying_group_seats",
            ),
        ]


class PromotionUse(TenantModel):
    """One order's hold on one promotion. Orders lie above this room, so `order_id` is a plain id."""

    promotion: TenantForeignKey[Promotion, Promotion] = TenantForeignKey(Promotion, indexed=False)
    order_id = models.UUIDField()
    member_id = models.UUIDField()
    units = models.IntegerField()  # units (flash, group, gift) or 1 (coupon)
    off_fen = MoneyField()  # what the order saved by it
    group: TenantForeignKey[Group | None, Group | None] = TenantForeignKey(Group, null=True, indexed=False)
    paid_at = models.DateTimeField(null=True)  # group: when the seat was paid
    state = models.CharField(max_length=8, default="held")  # see states.USE
    version = models.IntegerField(default=1)

    class Meta(TenantModel.Meta):
        db_table = "promotion_use"
        constraints = [
            models.UniqueConstraint(
                fields=["merchant_id", "order_id", "promotion"], name="promotion_use_once"
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "group", "member_id"],
                condition=Q(state="held", group__isnull=False),
                name="promotion_use_seat",
            ),
            models.CheckConstraint(condition=Q(units__gt=0, off_fen__gte=0), name="promotion_use_units"),
        ]
