"""A promoter's income line by line, how it wants to be paid, and its payouts."""

from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from ninja import Router

from tongdao.faces.api.access import Call, as_person
from tongdao.faces.api.my_income_shapes import (
    BookedOut,
    ClawedOut,
    FrozenRuleOut,
    IncomeLineOut,
    IncomeStoryOut,
    LinePayoutOut,
    MyPayeeOut,
    MyPayoutOut,
    MyPayoutStoryOut,
    NettedOut,
    PayeeConsentOut,
    PayeeIn,
    PayoutLineOut,
    PayoutPartOut,
)
from tongdao.faces.api.operation import operation
from tongdao.faces.api.promoters import own_standing
from tongdao.faces.api.shapes import Limit, Offset, Page
from tongdao.faces.lists.plan_words import rule_words
from tongdao.foundation.refusals import NotFound
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.members.consents import consents_of, say
from tongdao.party.people.consents import ConsentState
from tongdao.rewards.commissions.queries import (
    Booked,
    Clawed,
    IncomeLine,
    LineState,
    Netted,
    booked,
    clawed,
    income_line,
    income_lines,
    netted,
    waits_for,
)
from tongdao.rewards.settlement.models import Way
from tongdao.rewards.settlement.operations import PayeeTerms, say_payee
from tongdao.rewards.settlement.operations.forgetting import forget_payee
from tongdao.rewards.settlement.queries.mine import (
    MyPayee,
    MyPayout,
    MyTransfer,
    my_payee,
    my_payout,
    my_payouts,
    payout_lines,
    payout_transfers,
    payouts_of_line,
    taking,
)

router = Router(tags=["promoters"])
MINE = "/merchants/{merchant_id}/promoters/me"
PURPOSE = "payee"


@operation(router, "GET", MINE + "/income", need="person", answer=Page[IncomeLineOut], refuses=[404])
def list_my_income_lines(
    request: Call, merchant_id: UUID, state: LineState | None = None, limit: Limit = 20, offset: Offset = 0
) -> Page[IncomeLineOut]:
    """Each order line that I earn on, the latest orders first; of one state if asked."""
    ids = own_standing(request, merchant_id).ids
    with merchant_scope(merchant_id):
        found = income_lines(ids, state=state, offset=offset, limit=limit + 1)
    return Page(items=[IncomeLineOut(**_line(one)) for one in found[:limit]], more=len(found) > limit)


@operation(router, "GET", MINE + "/income/{line_id}", need="person", answer=IncomeStoryOut, refuses=[404])
def read_my_income_line(request: Call, merchant_id: UUID, line_id: UUID) -> IncomeStoryOut:
    """One line with its rule, what went off it, its payouts and its postings."""
    ids = own_standing(request, merchant_id).ids
    with merchant_scope(merchant_id):
        line = income_line(ids, line_id)
        waiting = waits_for(line.order_id) if line.state in ("estimated", "held") else None
        rule = line.rule
        return IncomeStoryOut(
            **_line(line),
            waits_for=waiting.cause if waiting else None,
            waits_until=waiting.until if waiting else None,
            rule=FrozenRuleOut(
                plan_version=line.plan_version,
                position=rule.position,
                about=rule_words([rule])[0].about,
                rate_bps=rule.rate_bps,
                unit_fen=rule.unit_fen,
            ),
            clawbacks=[_clawed(one) for one in clawed(ids, line_id=line_id)],
            nettings=[_netted(one) for one in netted(ids, line_id)],
            payouts=[
                LinePayoutOut(payout_id=payout.payout_id, state=payout.state, fen=fen)
                for payout, fen in payouts_of_line(ids, line_id)
            ],
            postings=[_booked(one) for one in booked(ids, line_id)],
        )


@operation(router, "GET", MINE + "/payee", need="person", answer=MyPayeeOut, refuses=[404])
def read_my_payee(request: Call, merchant_id: UUID) -> MyPayeeOut:
    """How I am paid, and the words that ask for it."""
    ids = own_standing(request, merchant_id).ids
    with merchant_scope(merchant_id):
        return _payee(my_payee(ids), _asked(request))


@operation(router, "PUT", MINE + "/payee", need="person", answer=MyPayeeOut, refuses=[404, 409])
def say_my_payee(request: Call, merchant_id: UUID, body: PayeeIn) -> MyPayeeOut:
    """Say under which name and how I am paid from now on. It is a consent to the words that were read."""
    ids = own_standing(request, merchant_id).ids
    with merchant_scope(merchant_id):
        _consent(request, True, body.consent_version)
        terms = PayeeTerms(Way(body.way), body.real_name, body.bank, body.card)
        for promoter_id in ids:
            say_payee(promoter_id, terms, actor=as_person(request))
        return _payee(my_payee(ids), _asked(request))


@operation(router, "DELETE", MINE + "/payee", need="person", answer=None, status=204, refuses=[404])
def forget_my_payee(request: Call, merchant_id: UUID) -> None:
    """Take it back: name and card are erased, and what is under way goes on."""
    ids = own_standing(request, merchant_id).ids
    with merchant_scope(merchant_id):
        _consent(request, False, "")
        for promoter_id in ids:
            forget_payee(promoter_id, actor=as_person(request))


@operation(router, "GET", MINE + "/payouts", need="person", answer=Page[MyPayoutOut], refuses=[404])
def list_my_payouts(
    request: Call, merchant_id: UUID, limit: Limit = 20, offset: Offset = 0
) -> Page[MyPayoutOut]:
    """My payouts, the latest first."""
    ids = own_standing(request, merchant_id).ids
    with merchant_scope(merchant_id):
        found = my_payouts(ids, offset=offset, limit=limit + 1)
    return Page(items=[MyPayoutOut(**_payout(one)) for one in found[:limit]], more=len(found) > limit)


@operation(
    router, "GET", MINE + "/payouts/{payout_id}", need="person", answer=MyPayoutStoryOut, refuses=[404]
)
def read_my_payout(request: Call, merchant_id: UUID, payout_id: UUID) -> MyPayoutStoryOut:
    """One payout with the lines that make it up, and its transfers."""
    ids = own_standing(request, merchant_id).ids
    with merchant_scope(merchant_id):
        found = my_payout(ids, payout_id)
        return MyPayoutStoryOut(
            **_payout(found),
            card_end=found.card_end,
            proof=found.proof,
            lines=[
                PayoutLineOut(line_id=one.line_id, title=one.title, number_end=one.number[-6:], fen=one.fen)
                for one in payout_lines(payout_id)
            ],
            transfers=[_part(ids, payout_id, row) for row in payout_transfers(payout_id)],
        )


def _line(one: IncomeLine) -> dict[str, Any]:
    return {
        "line_id": one.line_id,
        "order_id": one.order_id,
        "number_end": one.number[-6:],
        "title": one.title,
        "quantity": one.quantity,
        "state": one.state,
        "paid_fen": one.paid_fen,
        "agreed_fen": one.agreed_fen,
        "earned_fen": one.earned_fen,
        "clawed_fen": one.clawed_fen,
        "owed_fen": one.debt_fen,
        "offset_fen": one.offset_fen,
        "placed_at": one.placed_at,
        "held_at": one.held_at,
        "released_at": one.released_at,
    }


def _clawed(one: Clawed) -> ClawedOut:
    return ClawedOut(
        at=one.at, reason=one.reason, base_fen=one.base_fen, amount_fen=one.amount_fen, owed_fen=one.owed_fen
    )


def _netted(one: Netted) -> NettedOut:
    return NettedOut(
        gave=one.gave,
        line_id=one.line_id,
        title=one.title,
        number_end=one.number[-6:],
        fen=one.fen,
        at=one.at,
    )


def _booked(one: Booked) -> BookedOut:
    """Accounts by their kind: whose they are is the caller's in any case."""
    return BookedOut(
        at=one.at, kind=one.kind, source=one.source.kind, destination=one.destination.kind, fen=one.fen
    )


def _asked(request: Call) -> ConsentState:
    states = consents_of(request.auth.id, get_language() or "zh-hans", level="promoter")
    found = next((state for state in states if state.purpose == PURPOSE), None)
    if found is None:
        raise NotFound()
    return found


def _consent(request: Call, given: bool, version: str) -> None:
    say(
        PURPOSE,
        given,
        version=version,
        language=get_language() or "zh-hans",
        face="api",
        actor=as_person(request),
        level="promoter",
    )


def _payee(said: MyPayee | None, asked: ConsentState) -> MyPayeeOut:
    return MyPayeeOut(
        way=said.way if said else "",
        masked_name=said.masked_name if said else "",
        bank=said.bank if said else "",
        card_end=said.card_end if said else "",
        said_at=said.said_at if said else None,
        checked_at=said.checked_at if said else None,
        consent=PayeeConsentOut(
            version=asked.version, language=asked.language, text=asked.text, standing=asked.standing
        ),
    )


def _payout(one: MyPayout) -> dict[str, Any]:
    names = ("payout_id", "state", "way", "amount_fen", "arrived_fen", "claimed_at", "ended_at")
    return {name: getattr(one, name) for name in (*names, "waiting", "take_by")}


def _part(ids: tuple[UUID, ...], payout_id: UUID, row: MyTransfer) -> PayoutPartOut:
    given = taking(ids, payout_id, row.transfer_id)
    return PayoutPartOut(
        transfer_id=row.transfer_id,
        part=row.part,
        amount_fen=row.amount_fen,
        state=row.state,
        take_by=row.take_by,
        ended_at=row.ended_at,
        problem=row.problem,
        mch_id=given.mchid if given else "",
        app_id=given.appid if given else "",
        package=given.package if given else "",
    )
