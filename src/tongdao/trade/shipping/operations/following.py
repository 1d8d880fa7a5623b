"""Having a shipped parcel followed, and asking about one whose pushes were lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from tongdao.foundation import clock
from tongdao.foundation.actors import CARRIER
from tongdao.foundation.tenancy import assert_outside_scope, merchant_scope
from tongdao.trade.orders.models import DeliveryAddress, Order
from tongdao.trade.shipping.accounts import access_now, open_gateway
from tongdao.trade.shipping.gateway import Access, CarrierGateway, GatewayDown, GatewayRefused, Trace, Watch
from tongdao.trade.shipping.models import Parcel, ReturnParcel
from tongdao.trade.shipping.operations.scanning import apply_trace, lock_parcel, lock_return
from tongdao.trade.shipping.operations.waiting import next_look, note_problem, put_off, put_off_of
from tongdao.trade.shipping.states import FOLLOWED

Direction = type[Parcel] | type[ReturnParcel]


@dataclass(frozen=True, slots=True)
class Following:
    """What to ask the gateway. `ask`: it has been silent, so the way is asked for too."""

    access: Access
    watch: Watch
    callback_url: str = field(repr=False)
    salt: str = field(repr=False)
    ask: bool


def follow_parcel(merchant_id: UUID, parcel_id: UUID) -> bool:
    """Subscribe (again: that renews what the gateway gave up), after a silence ask. Outside any scope.

    False when the gateway is down.
    """
    return _follow(Parcel, merchant_id, parcel_id)


def follow_return(merchant_id: UUID, parcel_id: UUID) -> bool:
    """The same for what a buyer sends back."""
    return _follow(ReturnParcel, merchant_id, parcel_id)


def _follow(model: Direction, merchant_id: UUID, parcel_id: UUID) -> bool:
    assert_outside_scope()
    with merchant_scope(merchant_id):
        following = _begin(model, parcel_id)
    if following is None:
        return True
    problem, trace = "", None
    try:
        trace = _consult(open_gateway(following.access), following)
    except GatewayDown:
        problem = "gateway_down"
    except GatewayRefused as refused:
        problem = f"gateway_{refused.code}"
    with merchant_scope(merchant_id):
        if problem:
            note_problem(parcel_id, problem, model)
        else:
            _finish(model, parcel_id, trace)
    return problem != "gateway_down"


def _consult(gateway: CarrierGateway, following: Following) -> Trace | None:
    gateway.subscribe(following.watch, following.callback_url, following.salt)
    return gateway.query(following.watch) if following.ask else None


def begin_following(parcel_id: UUID) -> Following | None:
    """What to ask; None when the parcel is not under way. The next try is put off first."""
    return _begin(Parcel, parcel_id)


def _begin(model: Direction, parcel_id: UUID) -> Following | None:
    parcel: Parcel | ReturnParcel | None
    if model is ReturnParcel:
        parcel = put_off_of(ReturnParcel, parcel_id, states=FOLLOWED)
    else:
        parcel = put_off(parcel_id, states=FOLLOWED)
    if parcel is None:
        return None
    access = access_now()
    if access is None:
        note_problem(parcel_id, "no_account", model)
        return None
    return Following(
        access,
        Watch(parcel.carrier, parcel.waybill_no, _phone(parcel)),
        f"{settings.BASE_URL}/callbacks/carrier/{parcel.callback_token}",
        parcel.callback_salt,
        ask=parcel.tries > 1,
    )


def _phone(parcel: Parcel | ReturnParcel) -> str:
    """The receiver's."""
    if isinstance(parcel, ReturnParcel):
        return parcel.phone
    purchase = Order.objects.filter(id=parcel.order_id).values("purchase_id")
    return DeliveryAddress.objects.filter(purchase_id__in=purchase).order_by("id")[0].phone


def finish_following(parcel_id: UUID, trace: Trace | None) -> None:
    """Take what was told, and set when to ask again."""
    _finish(Parcel, parcel_id, trace)


def _finish(model: Direction, parcel_id: UUID, trace: Trace | None) -> None:
    parcel = lock_return(parcel_id) if model is ReturnParcel else lock_parcel(parcel_id)
    if parcel.state not in FOLLOWED:
        return
    if parcel.problem.startswith(("gateway_", "no_account")):
        parcel.problem = ""
    parcel.check_at = next_look(parcel, clock.now())
    parcel.save(update_fields=["problem", "check_at"])
    if trace is not None and trace.waybill_no == parcel.waybill_no:
        apply_trace(parcel, trace, actor=CARRIER)
