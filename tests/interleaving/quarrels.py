"""Pairs that others lost when money goes back: who moves a case, its dispute and its refund at one moment.

Each with the guards that it rests on, and what goes wrong without them.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.interleaving.unguarding import KEYS_FREE, UNCLAIMED, Swap, unlocked

ORDER = unlocked("order")
REFUND = unlocked("refund")
UNBOUNDED: Swap = (r"and a\.captured_fen >= a\.refunded_fen \+ p\.fen", "")  # back beyond what was paid
UNHELD: Swap = (r'"order"\."confirm_held_at" is null', "true")  # nobody sees that the timer stands still
UNDISPUTED: Swap = (r'"after_sale"\."paused_left"', "null::interval")  # nobody sees that a case stands still
UNGUARDED = (
    "alter table commission drop constraint commission_in_proportion",
    "alter table commission drop constraint commission_amounts",
    "alter table dispute_ruling drop constraint dispute_ruling_once",
    "alter table dispute_ruling drop constraint dispute_ruling_two_arbiters",
    "drop index dispute_one_open_a_case",
    "alter table dispute drop constraint dispute_ended",
    "alter table after_sale drop constraint after_sale_ended",
    "alter table after_sale drop constraint after_sale_one_clock",
    "alter table line_refunded drop constraint line_refunded_paid",
    "alter table payment_attempt drop constraint payment_attempt_refunded",
    "alter table dispute disable trigger guard_states",
    "alter table after_sale disable trigger guard_states",
    "alter table refund disable trigger guard_states",
    'alter table "order" disable trigger guard_states',
)


@dataclass(frozen=True)
class Quarrel:
    """`step`: of the case where `kinds` (of hearing.KINDS) meet. `off`: the guards; `fault`: part of what is
    found without them.
    """

    told: str
    step: str
    kinds: tuple[str, ...]
    fault: str
    off: tuple[Swap, ...] = (ORDER, UNCLAIMED)


QUARRELS = [
    Quarrel(
        "two arbiters rule at once",
        "heard",
        ("rule for the buyer", "the other rules in part"),
        "ruled dispute with rulings [1, 1]",
    ),
    Quarrel(
        "two arbiters rule on the appeal at once",
        "appealed",
        ("the other rules for the buyer", "the third rules in part"),
        "enforced dispute with rulings [1, 2, 2]",
    ),
    Quarrel(
        "the buyer withdraws while the seller grants",
        "asked",
        ("withdraw", "grant"),
        "granted case of kind refund_only ended",
    ),
    Quarrel(
        "the time is over while the seller refuses",
        "asked",
        ("the time is over", "refuse"),
        "refused case of kind refund_only with a refund",
    ),
    Quarrel(
        "the time is over while the buyer ships back",
        "agreed",
        ("the time is over", "ship back"),
        "returning case of kind return_refund ended",
    ),
    Quarrel("escalated while the seller grants", "refused", ("escalate", "grant"), "it would never end"),
    Quarrel(
        "escalated while the time is over",
        "refused",
        ("escalate", "the time is over"),
        "it would never end",
    ),
    Quarrel(
        "appealed while the ruling is carried out",
        "ruled",
        ("the seller appeals", "the time to appeal is over"),
        "appealed dispute due",
    ),
    Quarrel(
        "accepted while the time to appeal is over",
        "ruled",
        ("the seller accepts", "the time to appeal is over"),
        "dispute.enforced 2 times",
    ),
    Quarrel(
        "a ruling is carried out while staff give all back, and the channel does not answer",
        "ruled",
        ("the time to appeal is over", "staff give 3", "sent, and no answer"),
        "went back",
        (ORDER, UNBOUNDED),
    ),
    Quarrel(
        "the goods are received while the timer says so",
        "returning",
        ("receive", "the time is over"),
        "received 2 times",
    ),
    Quarrel(
        "the goods are received twice",
        "returning",
        ("receive", "receive"),
        "the same goods came back twice",
    ),
    Quarrel(
        "the timer confirms receipt while the buyer complains",
        "arrived",
        ("ask", "the timer confirms"),
        "the timer confirmed receipt while a case was open",
        (ORDER,),
    ),
    Quarrel(
        "the channel tells twice at once",
        "paid at the channel",
        ("told", "told"),
        "refund.completed 2 times",
        (REFUND, UNCLAIMED),
    ),
    Quarrel(
        "a statement is sent twice at once",
        "disputed",
        ("state by a key", "state by a key"),
        "idempotency_key_pkey",
        (KEYS_FREE,),
    ),
]
