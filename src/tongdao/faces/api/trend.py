"""How the shop goes, day by day."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Field, Query, Router, Schema

from tongdao.crm.insight.queries import trend
from tongdao.faces.api.access import Call
from tongdao.faces.api.operation import operation
from tongdao.foundation import clock

router = Router(tags=["desk"])


class TrendDayOut(Schema):
    """A day in Beijing's calendar; robots are left out of the first three."""

    day: date
    views: int = Field(description="Pages shown")
    visits: int = Field(description="A new one begins after half an hour without a page")
    visitors: int = Field(description="Each counted once a day")
    orders: int = Field(description="Paid on this day")
    revenue_fen: int = Field(description="Of these orders; refunds are not taken off")
    refunded_fen: int = Field(description="Paid back on this day")


@operation(router, "GET", "/merchants/{merchant_id}/trend", need="orders.read", answer=list[TrendDayOut])
def read_trend(
    request: Call, merchant_id: UUID, days: Annotated[int, Query(ge=1, le=90)] = 14
) -> list[TrendDayOut]:
    """Visits, orders, revenue and refunds of the last days, oldest first."""
    return [TrendDayOut.model_validate(day) for day in trend(clock.now(), days=days)]
