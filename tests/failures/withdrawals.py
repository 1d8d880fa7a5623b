"""How other shops paid commission out twice, or said that they had."""

from __future__ import annotations

from collections.abc import Iterator

from tests.failures.entry import Failure, Scene
from tests.interleaving.harness import Work
from tests.interleaving.till import Till
from tests.interleaving.unguarding import Swap, unguarded
from tongdao.finance.ledger.chart import BUYER_FUNDS, released_promoter
from tongdao.finance.ledger.operations import Draft, Line, post_transactions
from tongdao.foundation import clock
from tongdao.foundation.actors import CHANNEL, SYSTEM
from tongdao.foundation.ids import uuid7
from tongdao.foundation.money import Fen
from tongdao.foundation.prepared import execute_prepared
from tongdao.foundation.refusals import Refusal
from tongdao.foundation.tenancy import merchant_scope
from tongdao.rewards.commissions.models import Commission
from tongdao.rewards.settlement.models import Payout, PayoutLine, Transfer
from tongdao.rewards.settlement.operations import record_transfer
from tongdao.trade.payments.gateways import TransferNotice

IN_TURN = [0, 1] * 60
AWAY = BUYER_FUNDS  # an account that is there, so that nobody waits for its making
READ_ONLY: Swap = (r"(?s)(from ledger_balance\s.*?) for no key update", r"\1")
NOT_MOVED: Swap = (r"set amount_fen = b\.amount_fen \+ m\.fen", "set amount_fen = b.amount_fen")
BALANCE = """
select b.id, b.amount_fen from ledger_balance b join ledger_account a on a.id = b.account_id where a.code = %s
"""
# Another payout of the last one's promoter, with lines of the same commissions.
COPY = """
with made as (
  insert into payout select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid()::text,
    'state', 'claimed', 'amount_fen', {amount}))).* from payout p order by p.id desc limit 1
  returning id
)
insert into payout_line select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid()::text,
  'payout_id', made.id::text, 'live', {live}))).*
from payout_line l, made where l.payout_id = (select id from payout order by id desc limit 1)
"""


def two_jobs(scene: Scene) -> None:
    """They begin at the same time."""
    works = [scene.till.propose(), scene.till.propose()]
    (error,) = scene.together(works, IN_TURN)
    assert isinstance(error, Refusal)


def overlapping_jobs(scene: Scene) -> None:
    """The second had read what is due before the first wrote."""
    scene.till.propose()()
    scene.write(COPY.format(amount="p.amount_fen", live="true"))


def of_two_orders(scene: Scene) -> None:
    scene.till.release(scene.till.next_id)()
    scene.till.propose()()


def running_total(scene: Scene) -> None:
    """total += line, and pay the total: of each line, in the loop."""
    of_two_orders(scene)
    scene.till.reject()()
    scene.write(COPY.format(amount="p.amount_fen * 3 / 2", live="true"))


def decided_once(scene: Scene) -> None:
    """Approved, approved again, and rejected."""
    scene.till.approve()()
    for late in (scene.till.approve(), scene.till.reject()):
        try:
            late()
        except Refusal:
            continue
        raise AssertionError("it was decided twice")
    with merchant_scope(scene.till.merchant_id):
        assert Transfer.objects.count() == 1


def approved_after_all(scene: Scene) -> None:
    """Rejected, and the button is still there."""
    scene.till.reject()()
    scene.write("update payout set state = 'approved'")


def shrinks(scene: Scene) -> None:
    """A unit goes back while the payout is claimed."""
    scene.till.give(1)()


def lines_are_dropped(scene: Scene) -> None:
    """The line leaves the payout, whose amount a job mends within the minute."""
    scene.write("delete from payout_line")


def due(till: Till) -> Fen:
    return Fen(sum(row.payable_fen for row in Commission.objects.filter(state="released")))


def withdrawing(till: Till, fen: Fen) -> Work:
    """Straight through the ledger, in the open scope: is there enough, and then away with it."""
    source = released_promoter(till.earner.promoter_id)
    draft = Draft(key=uuid7().hex, kind="payout", subject=uuid7(), postings=[Line(source, AWAY, fen)])
    return lambda: post_transactions([draft], actor=SYSTEM)


def all_of_it_twice(scene: Scene) -> list[Work]:
    with merchant_scope(scene.till.merchant_id):
        fen = due(scene.till)
    return [scene.till.scoped(withdrawing(scene.till, fen)) for _ in range(2)]


def withdrawn_at_once(scene: Scene) -> None:
    two_jobs(scene)


def checked_and_decremented(scene: Scene) -> None:
    works = [unguarded(work, READ_ONLY) for work in all_of_it_twice(scene)]
    for error in scene.together(works, IN_TURN):
        raise error


def stale_and_absolute(scene: Scene) -> None:
    """Each reads the balance, reckons, and writes what should be left."""
    till = scene.till
    with merchant_scope(till.merchant_id):
        part = Fen(due(till) // 2)

    def taking() -> Work:
        post = unguarded(withdrawing(till, part), READ_ONLY, NOT_MOVED)

        def work() -> object:
            row = execute_prepared(BALANCE, [released_promoter(till.earner.promoter_id).code]).fetchone()
            assert row is not None
            post()
            return execute_prepared(
                "update ledger_balance set amount_fen = %s where id = %s", [row[1] - part, row[0]]
            )

        return till.scoped(work)

    scene.together([taking(), taking()], IN_TURN)


def channel_is_away(scene: Scene) -> None:
    """It was called and did not answer: nothing is known, and nothing is paid."""
    with merchant_scope(scene.till.merchant_id):
        row = Transfer.objects.get()
        record_transfer(TransferNotice(row.bill_no, "unknown"), problem="unreachable", actor=CHANNEL)
        row.refresh_from_db()
        assert (row.state, Payout.objects.get().state) == ("created", "approved")


def success_is_set_first(scene: Scene) -> None:
    """Then the channel is called, which refuses."""
    scene.write("update transfer set state = 'paid', ended_at = now()")


def sent_again_when_closed(scene: Scene) -> None:
    """Not while the first is open; and then one."""
    try:
        scene.till.send_again()()
    except Refusal:
        scene.till.told("failed")()
        scene.till.send_again()()
        return
    raise AssertionError("a second transfer beside the first")


def a_second_transfer(scene: Scene) -> None:
    """The first one takes long."""
    with merchant_scope(scene.till.merchant_id):
        row = Transfer.objects.get()
        row.id, row.bill_no, row.created_at = uuid7(), uuid7().hex, clock.now()
        row.save(force_insert=True)


def one_line_for_each(till: Till) -> Iterator[str]:
    if PayoutLine.objects.count() != Commission.objects.filter(state="claimed").count():
        yield "a claimed commission is in no payout, or in two"


WITHDRAWALS = [
    Failure(
        "likeshop: overlapping jobs pay twice",
        two_jobs,
        overlapping_jobs,
        "a commission is in two payouts",
        guard="payout_one_at_a_time",
        without=("drop index payout_one_at_a_time", "drop index payout_line_once"),
    ),
    Failure(
        "lilishop: a running total added inside the loop",
        of_two_orders,
        running_total,
        "a claimed payout of 11520 has other lines",
        guard="payout_is_its_lines",
        without=(
            "drop trigger payout_is_its_lines on payout",
            "drop trigger payout_is_its_lines on payout_line",
        ),
    ),
    Failure(
        "lilishop: approve or reject repeated",
        decided_once,
        approved_after_all,
        "a approved payout of 3840 has a line that is not so",
        guard="no step to state approved",
        without=("alter table payout disable trigger guard_states",),
        stage="proposed",
    ),
    Failure(
        "dub: a minute job repairs payouts that differ from their lines",
        shrinks,
        lines_are_dropped,
        "a claimed commission is in no payout",
        guard="permission denied for table payout_line",
        without=("grant delete on payout_line to tongdao_app",),
        stage="proposed",
        look=one_line_for_each,
    ),
    Failure(
        "yudao: balance checked, then decremented without a guard",
        withdrawn_at_once,
        checked_and_decremented,
        "released.promoter",
        guard="ledger_balance_limit",
        without=("alter table ledger_balance drop constraint ledger_balance_limit",),
    ),
    Failure(
        "CRMEB: a stale absolute balance written",
        withdrawn_at_once,
        stale_and_absolute,
        "released.promoter",
    ),
    Failure(
        "CRMEB: success set before the channel was called",
        channel_is_away,
        success_is_set_first,
        "a approved payout of 3840: 3840 has arrived",
        guard="transfer_paid_by_channel",
        without=("alter table transfer drop constraint transfer_paid_by_channel",),
        stage="approved",
    ),
    Failure(
        "a second transfer issued while the first is open",
        sent_again_when_closed,
        a_second_transfer,
        "a part has two bills that are open",
        guard="transfer_one_open",
        without=("drop index transfer_one_open",),
        stage="approved",
    ),
]
