"""Into how many parcels a consignment goes: first fit by units, the heaviest first.

Equal units are moved in bulk and equal parcels are kept as one group, so that the work depends on the number
of lines and not on the number of units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tongdao.terms.agreements.freight.shapes import FreightItem, Template


@dataclass(frozen=True, slots=True)
class Load:
    """`count` parcels alike, each with this weight and volume."""

    count: int
    weight_g: int
    volume_cm3: int

    def with_units(self, units: int, item: FreightItem) -> Load:
        return replace(
            self,
            weight_g=self.weight_g + units * item.weight_g,
            volume_cm3=self.volume_cm3 + units * item.volume_cm3,
        )


def pack(items: Iterable[FreightItem], template: Template) -> list[Load]:
    """The parcels of one template's items; the order in which the items come changes nothing."""
    loads: list[Load] = []
    heaviest_first = sorted(
        (item for item in items if item.quantity > 0),
        key=lambda item: (-template.chargeable_g(item.weight_g, item.volume_cm3), item.sku_id),
    )
    for item in heaviest_first:
        loads = _put(item, loads, template)
    return loads


def _put(item: FreightItem, loads: list[Load], template: Template) -> list[Load]:
    """All units of one item: into the room that is left, parcel by parcel, then into new parcels."""
    packed, left = [], item.quantity
    for load in loads:
        room = min(_room(load, item, template), left)
        full, rest = divmod(left, room) if room else (0, 0)
        full, rest = (load.count, 0) if full >= load.count else (full, rest)
        partly = 1 if rest else 0
        packed += [
            replace(load.with_units(room, item), count=full),
            replace(load.with_units(rest, item), count=partly),
            replace(load, count=load.count - full - partly),
        ]
        left -= full * room + rest
    packed += _new_parcels(item, left, template)
    return [load for load in packed if load.count]


def _new_parcels(item: FreightItem, units: int, template: Template) -> list[Load]:
    empty = Load(1, 0, 0)
    room = max(1, min(_room(empty, item, template), units))  # what is too heavy alone goes alone
    full, rest = divmod(units, room)
    return [
        replace(empty.with_units(room, item), count=full),
        replace(empty.with_units(rest, item), count=1 if rest else 0),
    ]


def _room(load: Load, item: FreightItem, template: Template) -> int:
    """How many units of the item still fit into such a parcel."""
    most = template.parcel_most_g
    if most is None:
        return item.quantity
    room = item.quantity
    if item.weight_g:
        room = min(room, (most - load.weight_g) // item.weight_g)
    if template.volume_divisor and item.volume_cm3:
        room = min(room, (most * template.volume_divisor // 1000 - load.volume_cm3) // item.volume_cm3)
    return max(0, room)
