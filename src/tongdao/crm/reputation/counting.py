"""What the states of a line and of a wait come to, pure. A standing is the sum of these, so that it does not
matter in which order things happened to a line, or how often.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

PRAISE = 4
"""From so many stars on a review speaks for the goods, and nobody may have had it for nothing."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What was bought as one line: units, and fen for all of them without freight."""

    quantity: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class LineState:
    """What became of a line. `gone`: units whose money went back; `returned`: of those, units that the buyer
    had asked about after they left. `back_fen`: money that went back for the goods, lowered prices too.
    `stars`: of its review where it may count, 0 where there is none.
    """

    sent: int = 0
    gone: int = 0
    returned: int = 0
    back_fen: int = 0
    stars: int = 0

    def figures(self, bought: Bought) -> Mapping[str, int]:
        """What it adds to a standing. A gift adds nothing: it would thin out what is told of the rest."""
        if not bought.paid_fen:
            return {}
        found = {"units_sent": self.sent, "units_back": self.units_back(bought)}
        if self.stars and (self.stars < PRAISE or self.is_paid_for(bought)):
            found[f"stars_{self.stars}"] = 1
        return found

    def units_back(self, bought: Bought) -> int:
        """Units that had left and whose money went back; of units that never left it is no return.

        What the buyer asked about had left. What staff gave back of their own accord had, as far as there is
        more of it than never left: while units wait to be sent that may be too low, never too high.
        """
        return min(self.sent, max(self.returned, self.gone + self.sent - bought.quantity))

    def is_paid_for(self, bought: Bought) -> bool:
        """The buyer has kept some, and more than half of their price stays paid."""
        kept = bought.quantity - self.gone
        left = bought.paid_fen - self.back_fen
        return kept > 0 and 2 * left * bought.quantity > bought.paid_fen * kept


def units_gone(units: int, goods_fen: int, bought: Bought, *, keeps_goods: bool) -> int:
    """Units that are given back by `goods_fen` for `units`. Where the buyer keeps them and has less than half
    of their price back, the price was lowered.
    """
    lowered = keeps_goods and 2 * goods_fen * bought.quantity < bought.paid_fen * units
    return 0 if lowered else units


@dataclass(frozen=True, slots=True)
class WaitState:
    """A buyer who waits, in one conversation or one case. `since`: still waits. `longest`: seconds of the
    longest wait that was ended, None where none counts. `in_time`: none of them was too long.
    """

    since: datetime | None = None
    longest: int | None = None
    in_time: bool = False

    def begun(self, at: datetime) -> WaitState:
        """Who waits already goes on waiting."""
        return self if self.since else WaitState(at, self.longest, self.in_time)

    def ended(self, seconds: int, *, in_time: bool, since: datetime | None = None) -> WaitState:
        """A wait of so long is over, and counts if it was the longest. `since`: what still waits."""
        if self.longest is None:
            return WaitState(since, seconds, in_time)
        return WaitState(since, max(self.longest, seconds), self.in_time and in_time)

    def dropped(self, since: datetime | None = None) -> WaitState:
        """Nobody has to answer any more, and nothing of it counts."""
        return WaitState(since, self.longest, self.in_time)

    def figures(self) -> Mapping[str, int]:
        """What it adds to a standing: one case, however much is said in it."""
        if self.longest is None:
            return {}
        return {"waits": 1, "waits_in_time": int(self.in_time), "seconds_waited": self.longest}
