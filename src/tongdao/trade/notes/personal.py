"""What staff wrote of an order may name its buyer: it is written over with the buyer's own data."""

from __future__ import annotations

from tongdao.foundation.personal import BLANK, holds
from tongdao.trade.notes.models import OrderNote

holds(OrderNote, "blanked", person="order__person_id", shows=("order__number", "at"), blank={"text": BLANK})
