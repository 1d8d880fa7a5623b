"""A world in which something of every kind exists, and a good request to every operation in it."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.faces.api.calling import (
    SENDER,
    Caller,
    Form,
    Town,
    World,
    a_file,
    a_guest,
    a_key,
    make_world,
    payment_account,
    wechat_terms,
)
from tests.faces.api.case_examples import complaints
from tests.faces.api.company_examples import BODIES as COMPANY_BODIES
from tests.faces.api.company_examples import ENDED, company_ids
from tests.faces.api.goods_examples import BODIES as GOODS_BODIES
from tests.faces.api.goods_examples import ENDED as GOODS_ENDED
from tests.faces.api.goods_examples import goods_examples
from tests.faces.api.income_examples import an_income
from tests.faces.api.my_case_examples import BODIES as MY_CASE_BODIES
from tests.faces.api.my_case_examples import my_cases
from tests.faces.api.payout_examples import ENDED as PAYOUTS_ENDED
from tests.faces.api.payout_examples import payout_examples
from tests.faces.api.person_examples import ACCOUNTS, one_person
from tests.faces.api.talk_examples import BODIES as TALK_BODIES
from tests.faces.api.talk_examples import conversations
from tests.support.wechat import WechatSandbox
from tests.trade.reviews.support import receive
from tongdao.compliance.retention.operations import ask_take_out, build_take_out
from tongdao.faces.api.api import api
from tongdao.faces.lists.operations import run_export
from tongdao.foundation import clock
from tongdao.foundation.ids import token
from tongdao.foundation.money import Fen
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.members.models import Member
from tongdao.party.merchants.models import Role
from tongdao.party.merchants.operations import add_staff
from tongdao.party.network.models import Promoter
from tongdao.party.people.codes import prove_phone, send_code
from tongdao.party.people.models import CodePurpose
from tongdao.party.people.operations import create_guest, register_person
from tongdao.rulebook.network import PROMOTER_AGREEMENT
from tongdao.terms.plans.checking import Grade
from tongdao.terms.plans.grading import Figures, grade_promoters
from tongdao.terms.plans.models import CommissionPlan

CSV = "Handle,Title,Variant Price\ngreen-tea,云雾绿茶,38.00\n"
PASSWORD = "long-and-odd-4711"
JOINING = {"shown_name": "阿茶", "agreement_version": PROMOTER_AGREEMENT.on(clock.today()), "of_age": True}
CARRIER_KEYS = {"key": "k" * 16, "secret": "s" * 16, "customer": "c" * 16, "partner_id": "p1"}
TEMPLATE = {
    "name": "快递",
    "rules": [
        {"prefixes": ["33", "3201"], "first_fee_fen": 0, "step_fee_fen": 0},
        {"first_fee_fen": 0, "step_fee_fen": 200, "free_from_fen": 9_900},
    ],
}

FRESH_BODIES: dict[str, Callable[[], Any]] = {
    **COMPANY_BODIES,
    **GOODS_BODIES,
    **TALK_BODIES,
    **MY_CASE_BODIES,
}


@dataclass(frozen=True)
class Operation:
    """As the description has it. `path` with its braces."""

    id: str
    verb: str
    path: str
    headers: frozenset[str]


def operations() -> list[Operation]:
    found = []
    for path, verbs in api.get_openapi_schema(path_prefix="")["paths"].items():
        for verb, details in verbs.items():
            headers = frozenset(each["name"] for each in details["parameters"] if each["in"] == "header")
            found.append(Operation(details["operationId"], verb.upper(), "/" + path.strip("/"), headers))
    return found


NAMED = re.compile(r"{(\w+)}")  # a parameter of a path


@dataclass
class Examples:
    """`ids` by name of the path parameter, `special` for single operations, `bodies` by operation_id."""

    world: World
    ids: dict[str, str]
    wechat: WechatSandbox
    special: dict[str, dict[str, str]] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)
    mini: dict[str, str] = field(default_factory=dict)

    def parameters(self, operation_id: str) -> dict[str, str]:
        fresh = ENDED[operation_id](self.world) if operation_id in ENDED else {}
        return self.ids | self.special.get(operation_id, {}) | fresh

    def call(self, caller: Caller, operation: Operation, **ids: str) -> Any:
        """The good request, with other `ids` where they are given: with all of them, none is made anew."""
        known = (
            ids if ids.keys() >= set(NAMED.findall(operation.path)) else self.parameters(operation.id) | ids
        )
        path = operation.path.format(**known)
        headers = {"Idempotency-Key": a_key()} if operation.headers else {}
        return caller(operation.verb, path, self.body(operation.id), **headers)

    def body(self, operation_id: str) -> Any:
        """Fresh where a name can be taken only once."""
        if operation_id == "register":
            return {"sign_in_name": f"{token(12)}@example.com", "password": PASSWORD}
        if operation_id == "sign_in_by_wechat":
            return {"code": self.wechat.code(self.mini, self.wechat.user(), "js_code")}
        if operation_id in NUMBERS:
            return NUMBERS[operation_id]()
        if operation_id in ACCOUNTS:
            return ACCOUNTS[operation_id]()
        if operation_id == "open_merchant_here":
            return {"name": "小店", "slug": f"shop-{token(12)}"}
        if operation_id in FRESH_BODIES:
            return FRESH_BODIES[operation_id]()
        if operation_id == "create_coupon":
            return self.bodies[operation_id] | {"code": token(12)}
        if operation_id == "import_products_file":
            return a_file(CSV, dry_run="true")
        return self.bodies.get(operation_id)


def a_phone() -> str:
    return f"139{random.randrange(10**8):08}"


def _code(purpose: CodePurpose = CodePurpose.SIGN_IN) -> dict[str, Any]:
    phone = a_phone()
    shown = send_code(phone, purpose, address=token(12)).shown
    return {"phone": phone, "purpose": purpose.value, "code": shown}


def _proof(purpose: CodePurpose = CodePurpose.SIGN_IN) -> dict[str, Any]:
    sent = _code(purpose)
    return {"proof": prove_phone(sent["phone"], purpose, sent["code"], address=token(12)).text}


NUMBERS: dict[str, Callable[[], dict[str, Any]]] = {
    "send_one_time_code": lambda: {"phone": a_phone()},
    "prove_number": _code,
    "sign_in_by_number": _proof,
    "claim_number": lambda: _proof(CodePurpose.NUMBER),
}


def _registered() -> str:
    name = f"{token(12)}@example.com"
    register_person(sign_in_name=name, password=PASSWORD)
    return name


def make_examples(town: Town, buyer: Role | None = None) -> Examples:
    """`buyer` is the member of staff who also buys and promotes here; a guest without."""
    world = make_world()
    if buyer is not None:
        world.buyer = world.staff[buyer]
    town.connect(world)
    world.owner.post(f"{world.desk}/carrier-account", CARRIER_KEYS | {"sender": SENDER}, 201)
    world.owner("PUT", f"{world.desk}/commission-plan", {"rate_bps": 500})
    examples = Examples(world, _ids(world), town.wechat)
    examples.mini = town.wechat.app("mini")
    world.owner.post(f"{world.desk}/wechat-apps", wechat_terms(examples.mini), 201)
    _freight(examples)
    _returns(examples)
    _goods(examples)
    _promotions(examples)
    _orders(town, examples)
    _reviews(town, examples)
    _group(examples)
    _kept(examples)
    _my_data(examples)
    one_person(examples)
    _promoting(examples)
    an_income(examples)
    conversations(examples)
    complaints(examples)
    _payouts(examples)
    my_cases(town, examples)
    _lists(examples)
    _bodies(town, examples)
    return examples


def _ids(world: World) -> dict[str, str]:
    product = world.owner.get(f"{world.desk}/products")["items"][0]
    with merchant_scope(world.shop.merchant_id):
        hired = add_staff(create_guest().id, Role.SERVICE, actor=world.shop.owner)
    handed_in = world.owner.post(f"{world.desk}/imports", a_file(CSV, dry_run="true"), 202)
    return {
        "import_id": handed_in["import_id"],
        "merchant_id": str(world.shop.merchant_id),
        "slug": world.shop.slug,
        "product_id": product["product_id"],
        "handle": product["handle"],
        "sku_id": str(world.shop.skus[0]),
        "staff_id": str(hired.id),
        **company_ids(world),
    }


def an_export(world: World) -> dict[str, str]:
    """One that waits."""
    made = world.owner.post(f"{world.desk}/exports", {"noun": "orders"}, 202)
    return {"export_id": made["export_id"]}


def _lists(examples: Examples) -> None:
    """A member, and an export whose file is there."""
    world = examples.world
    done = an_export(world)
    assert run_export(world.shop.merchant_id, UUID(done["export_id"])) == "done"
    with merchant_scope(world.shop.merchant_id):
        member = Member.objects.latest("joined_at")
    examples.ids |= done | {"member_id": str(member.id)}
    examples.bodies["create_export"] = {"noun": "orders", "format": "xlsx", "filters": {"state": "paid"}}
    ENDED["cancel_list_export"] = an_export


def _freight(examples: Examples) -> None:
    """A default, one for a product of its own, and one to be archived."""
    world = examples.world
    there = f"{world.desk}/freight-templates"
    world.owner.post(there, TEMPLATE, 201)
    own, old = (world.owner.post(there, TEMPLATE | {"name": name}, 201) for name in ("大件", "旧"))
    products = [examples.ids["product_id"]]
    examples.ids["template_id"] = own["template_id"]
    examples.special["archive_freight_template"] = {"template_id": old["template_id"]}
    examples.bodies |= {
        "create_freight_template": TEMPLATE,
        "change_freight_template": TEMPLATE | {"volume_divisor": 8_000},
        "assign_freight_template": {"template_id": own["template_id"], "product_ids": products},
        "preview_freight": {"division_code": "110105", "weight_g": 1_500},
    }


def _returns(examples: Examples) -> None:
    world = examples.world
    to = {"recipient": "王仓管", "phone": "13800001234", "detail": "一号仓", "division_code": "330106"}
    found = world.owner.post(f"{world.desk}/return-addresses", to, 201)
    examples.ids["address_id"] = examples.ids.get("address_id", found["address_id"])
    examples.special["end_where_returns_go"] = {"address_id": found["address_id"]}
    examples.bodies |= {"set_where_returns_go": to, "offer_return_carriage": {"shop_pays": True}}


def _goods(examples: Examples) -> None:
    """A product by hand with a picture, and a price planned for it."""
    ids, special, bodies = goods_examples(examples.world)
    examples.ids |= ids
    examples.special |= special
    examples.bodies |= bodies
    ENDED.update(GOODS_ENDED)


def _promotions(examples: Examples) -> None:
    """One of each kind, none of which has begun: the orders of this world pay the public price."""
    world, sku = examples.world, examples.ids["sku_id"]
    begin, end = (clock.now() + timedelta(days=days) for days in (1, 3))
    times = {"title": "双旦", "starts_at": begin.isoformat(), "ends_at": end.isoformat()}
    priced = times | {"sku_id": sku, "price_fen": 300, "per_member": 2, "quota": 50}
    examples.bodies |= {
        "create_coupon": times | {"off_fen": 1_000, "threshold_fen": 9_900},
        "create_flash_sale": priced,
        "create_group_buy": priced | {"group_size": 3, "group_hours": 24},
        "create_gift": times | {"sku_id": sku, "gift_units": 1, "threshold_fen": 19_900},
        "change_promotion": {"title": "元旦", "quota": 40},
    }
    made = world.owner.post(f"{world.desk}/flash-sales", priced, 201)
    stopped = world.owner.post(f"{world.desk}/gifts", examples.bodies["create_gift"], 201)
    examples.ids["promotion_id"] = made["promotion_id"]
    examples.special["stop_promotion"] = {"promotion_id": stopped["promotion_id"]}


def _orders(town: Town, examples: Examples) -> None:
    """One order for every way that it can go."""
    world = examples.world
    packed, cancelled, undone, shipped, unpaid, given_up, sent_back = (world.buy() for _ in range(7))
    for purchase in (packed, cancelled, undone, shipped, sent_back):
        town.pay(world, purchase["purchase_id"])
    there = f"/orders/{cancelled['order_ids'][0]}"
    refund = world.buyer.post(f"{there}/cancel", {"reason": "other"})["refunds"][0]
    by_hand = {"carrier": "zhongtong", "waybill_no": f"ZT{uuid.uuid4().hex[:12]}"}
    sent = f"/orders/{shipped['order_ids'][0]}/parcels"
    staff = world.staff[Role.OPERATIONS]
    staff.post(f"{world.desk}{sent}", by_hand, 201)
    back = {"carrier": "zhongtong", "waybill_no": f"ZT{uuid.uuid4().hex[:12]}"}
    parcel = staff.post(f"{world.desk}/orders/{sent_back['order_ids'][0]}/parcels", back, 201)
    wish = {"order_id": shipped["order_ids"][0], "carrier": "zhongtong"}
    dispatch = staff.post(f"{world.desk}/dispatches", {"orders": [wish]}, 202)
    note = staff.post(f"{world.desk}/orders/{shipped['order_ids'][0]}/notes", {"text": "贺卡"}, 201)
    line = staff.get(f"{world.desk}/orders/{shipped['order_ids'][0]}")["order"]["lines"][0]["line_id"]
    examples.ids |= {
        "order_id": shipped["order_ids"][0],
        "purchase_id": unpaid["purchase_id"],
        "refund_id": refund["refund_id"],
        "parcel_id": parcel["parcel_id"],
        "dispatch_id": dispatch["dispatch_id"],
    }
    examples.bodies |= {
        "dispatch_orders": {"orders": [wish]},
        "write_order_note": {"text": "送人", "pin": True},
        "pin_order_note": {"note_id": note["notes"][0]["note_id"]},
        "put_order_flag": {"flag": "red"},
        "give_money_back": {"lines": [{"line_id": line, "quantity": 1}], "reason": "agreed"},
    }
    examples.special |= {
        "pack_order": {"order_id": packed["order_ids"][0]},
        "unmask_order": {"order_id": packed["order_ids"][0]},
        "cancel_my_order": {"order_id": cancelled["order_ids"][0]},
        "cancel_merchant_order": {"order_id": undone["order_ids"][0]},
        "give_up_purchase": {"purchase_id": given_up["purchase_id"]},
    }


def _reviews(town: Town, examples: Examples) -> None:
    """One is written; another line was received and waits for its review."""
    world = examples.world
    lines = []
    for _ in range(2):
        bought = world.buy()
        town.pay(world, bought["purchase_id"])
        order_id = bought["order_ids"][0]
        receive(world.shop, UUID(order_id))
        line = world.buyer.get(f"/orders/{order_id}")["lines"][0]["line_id"]
        lines.append({"order_id": order_id, "line_id": line})
    written, waiting = lines
    there = f"/orders/{written['order_id']}/lines/{written['line_id']}/review"
    review = world.buyer.post(there, Form({"stars": "4", "text": "很香"}), 201)
    examples.ids |= {"review_id": review["review_id"], "line_id": waiting["line_id"]}
    examples.special["review_line"] = waiting
    examples.bodies |= {
        "review_line": Form({"stars": "5", "text": "回甘持久"}),
        "follow_up_review": Form({"text": "喝完又买了"}),
        "answer_buyers_review": {"text": "谢谢您。"},
        "fold_buyers_review": {"reason": "off_topic"},
    }


def _group(examples: Examples) -> None:
    """The buyer has opened one, and nobody has joined."""
    world = examples.world
    now = clock.now()
    times = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(days=1)).isoformat()}
    rules = {"title": "三人团", "sku_id": examples.ids["sku_id"], "price_fen": 900}
    size = {"group_size": 3, "group_hours": 24}
    world.owner.post(f"{world.desk}/group-buys", rules | size | times, 201)
    bought = world.buy(open_group=True)
    examples.ids["group_id"] = world.buyer.get(f"/orders/{bought['order_ids'][0]}")["group_id"]


def _kept(examples: Examples) -> None:
    """One address that stays, and one to be removed."""
    world = examples.world
    there = f"/stores/{world.shop.slug}/addresses"
    address = world.wish()["address"]
    kept, removed = (
        world.buyer.post(there, address | {"detail": f"同道路 {number} 号", "default": True}, 201)[0]
        for number in (1, 2)
    )
    examples.ids["address_id"] = kept["address_id"]
    examples.special["remove_address"] = {"address_id": removed["address_id"]}
    liked = f"/stores/{world.shop.slug}/favourites/{examples.ids['product_id']}"
    assert world.buyer("PUT", liked).status == 204
    examples.bodies |= {"add_address": address, "edit_address": address | {"recipient": "林大满"}}


def _my_data(examples: Examples) -> None:
    """A copy of the buyer's data is made, as the worker would."""
    build_take_out(ask_take_out(examples.world.buyer.person_id, language="zh-hans").id)


def _promoting(examples: Examples) -> None:
    """The buyer promotes here already, and a second merchant waits for it to join."""
    world = examples.world
    world.buyer.post(f"{world.desk}/promoters", JOINING, 201)
    examples.special["become_promoter"] = {"merchant_id": str(make_world().shop.merchant_id)}
    other = make_world()
    world.buyer.post(f"{other.desk}/promoters", JOINING, 201)
    with merchant_scope(world.shop.merchant_id):
        promoter = Promoter.objects.get()
        examples.ids["promoter_id"] = str(promoter.id)
        examples.ids["plan_id"] = str(CommissionPlan.objects.get().id)
        own = {promoter.id: Figures(Fen(90_000), 3, 0)}
        grades = [Grade("银", Fen(1))]
        grade_promoters(grades, own, plan_version=1, at=clock.now(), actor=world.shop.owner)
    examples.special["stop_promoting"] = {"merchant_id": str(other.shop.merchant_id)}


def _payouts(examples: Examples) -> None:
    """After all else that counts promoters."""
    ids, special, bodies = payout_examples(examples.world)
    examples.ids |= ids
    examples.special |= special
    examples.bodies |= bodies
    ENDED.update(PAYOUTS_ENDED)


def _bodies(town: Town, examples: Examples) -> None:
    world = examples.world
    link = world.owner.post(f"{world.desk}/links", {"channel": "weibo"}, 201)
    wish = world.wish()
    examples.bodies |= {
        "sign_in": {"sign_in_name": _registered(), "password": PASSWORD},
        "change_staff_role": {"role": "finance"},
        "connect_payment_account": payment_account(town.sandbox.papers),
        "connect_carrier_account": CARRIER_KEYS | {"sender": SENDER},
        "connect_wechat_app": wechat_terms(examples.mini),
        "change_product": {"published": True},
        "change_sku": {"price_fen": 13_000, "compare_at_fen": 15_000, "saleable": True},
        "count_stock": {"on_hand": 2_000},
        "set_commission_plan": {"rate_bps": 300},
        "publish_commission_plan": {"rules": [{"unit_fen": 100, "channel": "moments"}, {"rate_bps": 300}]},
        "try_commission_plan": {"rules": [{"rate_bps": 400, "budget_fen": 9_000}, {"rate_bps": 300}]},
        "save_commission_draft": {"rules": [{"rate_bps": 300}], "seen_version": 0},
        "become_promoter": JOINING,
        "create_own_link": {"channel": "moments"},
        "create_share_link": {"channel": "poster"},
        "record_touch": {"token": link["token"], "visitor": str(uuid.uuid4())},
        "put_in_cart": {"quantity": 2},
        "ask_quote": {"lines": wish["lines"]},
        "place_purchase": wish,
        "open_payment": {"product": "native"},
        "cancel_my_order": {"reason": "other"},
        "cancel_merchant_order": {"reason": "other"},
        "pack_order": {"carrier": "zhongtong"},
    }


def outsider() -> Caller:
    """Somebody who has nothing to do with the world."""
    return a_guest()
