"""What a buyer wants, as it is sent with a quote and with a purchase. A client never sends a price."""

from typing import Annotated
from uuid import UUID

from ninja import Field

from tongdao.faces.api.shapes import Input, Text, Units
from tongdao.rulebook import divisions
from tongdao.terms.promotions.pricing import Choice
from tongdao.trade.orders.wishing import Address, Wanted

Code = Annotated[Text, Field(min_length=1, max_length=20)]


class LineIn(Input):
    sku_id: UUID
    quantity: Units
    price_version: int | None = Field(
        None, strict=True, ge=1, le=2**31 - 1, description="Of the price that the buyer saw"
    )
    agreed: Text = Field(
        "",
        max_length=64,
        description="The quote's `mark`, where the buyer ticked its words; anything else is no consent",
    )


class AddressIn(Input):
    recipient: Text = Field(max_length=40)
    phone: Text = Field(max_length=24)
    detail: Text = Field(max_length=200, description="Street, number, room")
    division_code: Text = Field(max_length=6)
    division_version: Text | None = Field(None, max_length=24)

    def address(self) -> Address:
        version = self.division_version or divisions.VERSION
        return Address(self.recipient, self.phone, self.detail, self.division_code, version)


class WishIn(Input):
    lines: list[LineIn] = Field(min_length=1, max_length=50)
    visitor: UUID | None = Field(None, description="The key sent with the touches")
    coupons: list[UUID] | None = Field(
        None, max_length=20, description="Exactly these; left out: the best for the buyer; empty: none"
    )
    codes: list[Code] = Field(default_factory=list, max_length=5, description="Coupons by their typed codes")
    group_id: UUID | None = Field(None, description="The buying group to join")
    open_group: bool = Field(False, strict=True, description="Open a buying group of its own")

    def wanted(self) -> list[Wanted]:
        return [Wanted(line.sku_id, line.quantity, line.price_version, line.agreed) for line in self.lines]

    def choice(self) -> Choice:
        coupons = None if self.coupons is None else tuple(dict.fromkeys(self.coupons))
        return Choice(coupons, tuple(dict.fromkeys(self.codes)), self.group_id, self.open_group)
