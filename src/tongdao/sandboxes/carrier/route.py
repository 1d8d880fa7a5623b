"""A parcel's whole journey, planned when it is ordered, and the way home of one that is sent back."""

from __future__ import annotations

from dataclasses import dataclass

from tongdao.sandboxes.carrier.carriers import CARRIERS
from tongdao.sandboxes.carrier.places import Place, city_of, hub_of

STATES = {
    "101": ("1", "揽收", "已下单"),
    "103": ("1", "揽收", "已揽收"),
    "1002": ("0", "在途", "干线"),
    "1001": ("0", "在途", "到达派件城市"),
    "5": ("5", "派件", "派件"),
    "301": ("3", "签收", "本人签收"),
    "302": ("3", "签收", "派件异常后签收"),
    "204": ("2", "疑难", "派件异常"),
    "6": ("6", "退回", "退回"),
    "4": ("4", "退签", "退签"),
    "401": ("4", "退签", "已销单"),
}
"""Fine code: plain state, plain name, fine name."""


@dataclass(frozen=True)
class Step:
    """One line of a trace that is still to come."""

    code: str
    context: str
    area_code: str
    area_name: str


def _step(code: str, place: Place, words: str) -> Step:
    return Step(code, f"【{place.city}】{words}", place.code, place.area)


def _stops(sender: str, receiver: str) -> list[Place]:
    """The sorting centres on the way, ending in the receiver's city; none named twice."""
    stops: list[Place] = []
    for place in (hub_of(sender), hub_of(receiver), city_of(receiver)):
        if place not in stops:
            stops.append(place)
    return stops


def journey(company: str, sender: str, receiver: str) -> list[Step]:
    """From pick-up to signature: 揽收, 运输中 through the stops, 派件, 签收."""
    carrier = CARRIERS[company]
    start, end = city_of(sender), city_of(receiver)
    steps = [_step("103", start, f"{carrier.name} 已收取快件")]
    stops = _stops(sender, receiver)
    for stop, following in zip(stops, [*stops[1:], None], strict=True):
        if following is not None:
            steps.append(_step("1002", stop, f"快件离开【{stop.city}转运中心】，发往【{following.city}】"))
        else:
            steps.append(_step("1001", stop, f"快件到达【{stop.city}营业部】"))
    steps.append(_step("5", end, f"快件正在派送途中，请保持电话畅通，客服电话 {carrier.hotline}"))
    steps.append(_step("301", end, "快件已签收，签收人：本人签收，感谢使用" + carrier.name))
    return steps


def ordered(company: str, sender: str) -> Step:
    """The first line of every ordered parcel."""
    return _step("101", city_of(sender), f"{CARRIERS[company].name} 已收到下单信息，等待揽收")


def cancelled(sender: str) -> Step:
    """The last line of a waybill that was given back before it was collected."""
    return _step("401", city_of(sender), "面单已取消，快件未揽收")


def trouble(receiver: str, reason: str) -> Step:
    """Delivery failed for now."""
    return _step("204", city_of(receiver), f"派件异常：{reason}")


def way_home(company: str, sender: str, receiver: str) -> list[Step]:
    """The remaining steps of a parcel that goes back to its sender."""
    start, end = city_of(sender), city_of(receiver)
    return [
        _step("6", end, "收件人拒收，快件正在退回"),
        _step("6", hub_of(sender), f"退回件到达【{hub_of(sender).city}转运中心】"),
        _step("4", start, f"{CARRIERS[company].name} 退回件已由寄件人签收"),
    ]
