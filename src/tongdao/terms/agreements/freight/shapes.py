"""What freight is asked for, what it stands on, the answer. Grams, cubic centimetres and fen, all whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from tongdao.foundation.money import Fen

PREFIX_LENGTHS = (6, 4, 2)


@dataclass(frozen=True, slots=True)
class FreightItem:
    """One line of an order. Weight and volume of one unit; `goods_fen` of all units, after discounts."""

    sku_id: UUID
    product_id: UUID
    quantity: int
    weight_g: int
    volume_cm3: int
    goods_fen: int
    requires_shipping: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """The price of one parcel to some regions: `first_fee_fen` up to `first_g`, then each step begun.

    Goods of `free_from_fen` or more under the template go free (None: never). `not_served`: none go there.
    """

    first_g: int
    first_fee_fen: Fen
    step_g: int
    step_fee_fen: Fen
    free_from_fen: Fen | None = None
    not_served: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A freight template. `regions`: rule by prefix of a division code; `elsewhere`: for all others, None
    when it serves no others. A parcel takes up to `parcel_most_g` of chargeable weight (None: any)."""

    template_id: UUID
    name: str
    version: int
    volume_divisor: int  # cubic centimetres that count as a kilogram; 0: volume does not count
    parcel_most_g: int | None
    regions: Mapping[str, Rule]
    elsewhere: Rule | None

    def rule_for(self, division_code: str) -> Rule | None:
        """The rule of the longest prefix; None where this template does not deliver."""
        found = (self.regions.get(division_code[:length]) for length in PREFIX_LENGTHS)
        rule = next((each for each in found if each is not None), self.elsewhere)
        return None if rule is None or rule.not_served else rule

    def served(self) -> list[Rule]:
        """Every rule under which something is delivered."""
        rules = [*self.regions.values(), *([self.elsewhere] if self.elsewhere else [])]
        return [rule for rule in rules if not rule.not_served]

    def chargeable_g(self, weight_g: int, volume_cm3: int) -> int:
        """The larger of the weight and what the volume counts for, in grams begun."""
        if not self.volume_divisor:
            return weight_g
        return max(weight_g, -(-volume_cm3 * 1000 // self.volume_divisor))


@dataclass(frozen=True, slots=True)
class FreightTerms:
    """The templates in force. `assigned` by product; `default` for all other products; None: they go free."""

    default: Template | None = None
    assigned: Mapping[UUID, Template] = field(default_factory=dict)

    def of(self, product_id: UUID) -> Template | None:
        return self.assigned.get(product_id, self.default)


@dataclass(frozen=True, slots=True)
class ParcelQuote:
    """`count` parcels alike. `weight_g` (chargeable) and `fee_fen` are of each one."""

    template: UUID
    weight_g: int
    fee_fen: Fen
    count: int = 1


@dataclass(frozen=True, slots=True)
class FreightQuote:
    """`total_fen` sums the parcels, and `by_sku` shares it out over the items. It is None while there is no
    address and the price depends on it. `unserved` are SKUs that do not go there; the total leaves them out.
    `version` (at most 40 characters) changes with every template that was used."""

    total_fen: Fen | None
    parcels: tuple[ParcelQuote, ...]
    unserved: tuple[UUID, ...]
    version: str
    by_sku: Mapping[UUID, Fen] = field(default_factory=dict)

    @property
    def parcel_count(self) -> int:
        return sum(parcel.count for parcel in self.parcels)
