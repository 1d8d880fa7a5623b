"""How a payout is cut into transfers, as the channel limits each of them, and what of its lines they paid."""

from __future__ import annotations

from collections.abc import Sequence

from tongdao.foundation.money import Fen


def parts_of(amount: Fen, least: Fen, most: Fen) -> list[Fen]:
    """As few as the limit of one allows, as alike as whole fen allow, the larger first; none below `least`.

    Raises ValueError where the amount itself is below `least`, or where the limits leave no way.
    """
    if amount < least or most < least:
        raise ValueError(f"{amount} fen in parts of {least} to {most}")
    count = -(-amount // most)
    each, over = divmod(amount, count)
    if each < least:
        raise ValueError(f"{amount} fen in parts of {least} to {most}")
    return [Fen(each + (1 if number < over else 0)) for number in range(count)]


def brought(lines: Sequence[Fen], arrived: Fen) -> list[Fen]:
    """What each line has brought of `arrived`, which is no more than they sum to: the first ones first."""
    left, found = int(arrived), []
    for amount in lines:
        found.append(Fen(min(left, amount)))
        left -= found[-1]
    if left:
        raise ValueError(f"{arrived} fen for lines of {sum(lines)}")
    return found
