"""One row of everything that a console page can be about, and what could be typed into each form."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tests.faces.console.case_examples import case_rows
from tests.faces.console.payout_examples import proposed
from tests.faces.console.support import Desk, make_desk, paid_order
from tests.support.builders import Shop
from tests.support.complaining import BACK_TO
from tests.support.promoting import make_flash
from tests.trade.reviews.support import a_photo, a_review, buyer_of_order
from tongdao.faces.console.guard import Page
from tongdao.faces.lists.operations import queue_export, run_export
from tongdao.faces.lists.registry import LISTS
from tongdao.foundation import clock
from tongdao.foundation.actors import SYSTEM
from tongdao.foundation.tenancy import merchant_scope
from tongdao.goods.catalog.models import Sku
from tongdao.goods.editing.choosing import preview_prices
from tongdao.goods.editing.models import BatchKind
from tongdao.goods.editing.operations import begin_batch, run_batch
from tongdao.goods.editing.reckoning import PriceRule
from tongdao.goods.intake.operations import queue_import, run_import
from tongdao.party.members.models import Member
from tongdao.party.merchants.models import AgreementKind, Brand, Role, StaffMember
from tongdao.party.merchants.operations import (
    add_licence,
    add_page,
    create_role,
    invite_staff,
    publish_agreement,
    set_company,
)
from tongdao.party.merchants.operations.agreements import AgreementDraft
from tongdao.party.merchants.operations.company import Company
from tongdao.party.merchants.operations.licences import LicenceDraft
from tongdao.party.merchants.operations.pages import PageDraft
from tongdao.party.network.operations import join_promoter
from tongdao.party.people.operations import create_guest
from tongdao.reach.traffic.operations import create_link
from tongdao.terms.agreements.operations import RuleDraft, TemplateDraft, create_template
from tongdao.terms.plans.operations import set_plan
from tongdao.trade.aftersales.operations import cancel_order
from tongdao.trade.notes.operations import add_note
from tongdao.trade.orders.models import Allocation, OrderLine
from tongdao.trade.payments.models import Refund
from tongdao.trade.shipping.operations import Wish, pack_parcel, set_return_address, start_dispatch
from tongdao.trade.talk.models import MessageFile
from tongdao.trade.talk.operations import QuickDraft, Said, add_quick_answer, send_as_buyer
from tongdao.trade.talk.posting import post

CSV = b"Handle,Title,Variant Price\ntea,Tea,12.00\n"


@dataclass
class Examples:
    desk: Desk
    parts: dict[str, dict[str, object]]

    def url(self, page: Page) -> str:
        return self.desk.url(page.name, **self.parts[page.name])

    def wrong(self, page: Page) -> dict[str, object]:
        """What no operation accepts, or what changes nothing."""
        if page.name in (
            "import",
            "refund_retry",
            "dispatch_retry",
            "parcel_cancel",
            "note_pin",
            "talk_settle",
        ):
            return {}
        return {"published": "1", "saleable": "1", "key": "k", "role": "nobody", "rate": "x", "price": "x"}

    def right(self, page: Page) -> dict[str, object]:
        """What the operation would take if the ids were one's own."""
        key = "a" * 32
        known: dict[str, dict[str, object]] = {
            "cancel": {"reason": "other"},
            "give_back": {
                "step": "give",
                "freight": "share",
                "reason": "agreed",
                "expected": "12800",
                **self._lines(),
            },
            "ship": {"carrier": "shunfeng", "waybill_no": "SF1234567890", "key": key, **self._units()},
            "publish": {"published": "0"},
            "price": {"price": "1.00"},
            "pack": {"order": str(self.parts["order"]["order_id"]), "carrier": "shunfeng", "key": key},
            "note": {"text": "送人"},
            "talk_send": {"text": "明天到。", "key": "d" * 16},
            "talk_settle": {"upto": "9"},
            "quick_answers": {"title": "您好", "text": "您好，请讲。"},
            "flag": {"flag": "red"},
            "case_grant": {"expected": "12800"},
            "case_refuse": {"reason": "used", "text": "用过了"},
            "case_replace": {"carrier": "yunda", "waybill_no": "YD12345678"},
            "case_say": {"text": "请看照片"},
            "case_call": {"text": "请看照片"},
            "dispute_state": {"text": "请看照片"},
            "dispute_appeal": {"text": "请看照片"},
            "stock": {"on_hand": "3"},
            "size": {"weight": "1", "volume_cm3": "1"},
            "freight_products": {"to": "default"},
            "return_address": {
                "recipient": "王仓管",
                "phone": "13800001234",
                "region": "浙江省杭州市西湖区",
                "detail": "一号仓",
                "note": "",
            },
            "carriage": {"offered": "yes"},
            "staff_member": {"role": "finance"},
            "role": {"label": "店员", "permissions": ["orders.read"]},
            "brand": {"name": "高山"},
            "page": {"title": "关于", "slug": "about-us"},
            "goods_kind": {"category": "food"},
            "returns": {"exclusion": "perishable"},
            "product_edit": {"title": "别家", "version": "1"},
            "product_options": {"name.0": "颜色", "more.0": "红"},
            "product_pictures": {"do": "save"},
            "review_answer": {"text": "谢谢惠顾。"},
            "review_fold": {"reason": "off_topic"},
            "payout_minimum": {"least": "2.00"},
            "payout_reject": {"reason": "other"},
            "promotion_change": {"title": "x", "quota": "5", "step": "save"},
        }
        return known.get(page.name, {})

    def _lines(self) -> dict[str, object]:
        with merchant_scope(self.desk.shop.merchant_id):
            rows = OrderLine.objects.filter(order_id=self.parts["order"]["order_id"])
            return {f"units.{id}": "1" for id in rows.values_list("id", flat=True)}

    def _units(self) -> dict[str, object]:
        with merchant_scope(self.desk.shop.merchant_id):
            rows = Allocation.objects.filter(line__order_id=self.parts["ship"]["order_id"])
            return {f"units.{id}": "1" for id in rows.values_list("id", flat=True)}


def company_rows(shop: Shop) -> dict[str, dict[str, object]]:
    """In the merchant's scope: a row of everything about the company itself."""
    role = create_role("店长", ["orders.read"], actor=shop.owner)
    page = add_page(shop.storefront_id, PageDraft("about", "关于我们", "<p>茶</p>", True), actor=shop.owner)
    begins = clock.today()
    licence = add_licence(
        LicenceDraft("food_business", "JY1", "山间茶舍", begins, begins + timedelta(days=20)),
        actor=shop.owner,
    )
    draft = AgreementDraft(AgreementKind.TERMS, "服务协议", "<p>甲</p>", clock.now() + timedelta(days=8))
    set_company(Company("山间茶舍有限公司", "91350100M000100Y43", "福州", "0591-1"), actor=shop.owner)
    return {
        "role": {"role_id": role.id},
        "page": {"page_id": page.id},
        "brand": {"brand_id": Brand.objects.values_list("id", flat=True)[0]},
        "licence_withdraw": {"licence_id": licence.id},
        "agreement": {"agreement_id": publish_agreement(draft, actor=shop.owner).id},
        "invitation_revoke": {
            "invitation_id": invite_staff(Role.SERVICE, "小周", actor=shop.owner).invitation.id
        },
    }


def done_import(shop: Shop) -> UUID:
    """An import that changed something, so that it can be taken back."""
    run = queue_import(
        shop.merchant_id, io.BytesIO(CSV), file_name="tea.csv", currency="CNY", actor=shop.owner
    )
    run_import(shop.merchant_id, run.id)
    return run.id


def a_batch(shop: Shop, *, planned: bool = False) -> UUID:
    """A bulk change of prices that is done, or that waits for its hour."""
    rule, at = PriceRule("amount", 100), clock.now() + timedelta(hours=1) if planned else None
    with merchant_scope(shop.merchant_id):
        preview = preview_prices(rule, skus=shop.skus, at=at)
        batch = begin_batch(
            BatchKind.PRICE,
            preview,
            seen=preview.fingerprint,
            rule=rule.as_json(),
            due_at=at,
            actor=shop.owner,
        )
    run_batch(shop.merchant_id, batch.id)
    return batch.id


def shipped_rows(shop: Shop, order_id: UUID, other: UUID) -> dict[str, dict[str, object]]:
    """In the merchant's scope: a dispatch of an order, a parcel of another, a note."""
    note = add_note(order_id, "送人", actor=shop.owner)
    dispatch = start_dispatch([Wish(other, "shunfeng", "SF0000000002")], actor=shop.owner)
    parcel = pack_parcel(other, "all", "shunfeng", "SF0000000001", actor=shop.owner)
    return {
        "dispatch": {"dispatch_id": dispatch},
        "parcel_cancel": {"order_id": other, "parcel_id": parcel.parcel_id},
        "note_pin": {"order_id": order_id, "note_id": note.id},
    }


def talk_rows(shop: Shop, order_id: UUID) -> dict[str, dict[str, object]]:
    """A buyer has written with a picture, and there is a quick answer."""
    buyer = buyer_of_order(shop, order_id)
    post(
        shop.merchant_id,
        lambda kept: send_as_buyer(order_id, Said("几时到？", "k" * 16, kept), actor=buyer),
        [io.BytesIO(a_photo())],
        actor=buyer,
    )
    with merchant_scope(shop.merchant_id):
        add_quick_answer(QuickDraft("谢谢", "订单 {order} 已收到，谢谢。"), actor=shop.owner)
        file_id = MessageFile.objects.values_list("id", flat=True)[0]
    return {"talk": {"order_id": order_id}, "talk_file": {"order_id": order_id, "file_id": file_id}}


def make_examples() -> Examples:
    desk = make_desk()
    shop = desk.shop
    order_id, undone, sent = paid_order(shop), paid_order(shop), paid_order(shop)
    desk.client(Role.SERVICE)
    run = queue_import(
        shop.merchant_id, io.BytesIO(CSV), file_name="tea.csv", currency="CNY", dry_run=True, actor=shop.owner
    )
    with merchant_scope(shop.merchant_id):
        cancel_order(undone, reason="other", actor=SYSTEM)
        refund = Refund.objects.get(order_id=undone)
        promoter = join_promoter(create_guest().id, shown_name="阿青", actor=shop.owner)
        link = create_link(channel="moments", promoter_id=promoter.id, actor=shop.owner)
        staff = StaffMember.objects.get(person_id=desk.people[Role.SERVICE])
        sku = Sku.objects.get(pk=shop.skus[0])
        plan = set_plan(1_000, actor=shop.owner)
        template = create_template(TemplateDraft("快递", (RuleDraft(()),)), actor=shop.owner)
    with merchant_scope(shop.merchant_id):
        company = company_rows(shop)
        shipped = shipped_rows(shop, order_id, sent)
        export = queue_export(LISTS["orders"], {}, actor=shop.owner)
        member = Member.objects.latest("joined_at")
    assert run_export(shop.merchant_id, export.id) == "done"
    flash = make_flash(shop, 9_900, starts_at=clock.now() + timedelta(hours=1))
    due = proposed(shop).rows
    asked = case_rows(shop, paid_order(shop))
    with merchant_scope(shop.merchant_id):
        back = set_return_address(BACK_TO, actor=shop.owner)
    rows: dict[str, dict[str, object]] = {
        "return_address_end": {"address_id": back.id},
        **due,
        **asked,
        "promotion": {"promotion_id": flash.id},
        "review": {"review_id": a_review(shop).id},
        "order": {"order_id": order_id},
        "product": {"product_id": sku.product_id},
        "sku": {"product_id": sku.product_id, "sku_id": sku.id},
        "import": {"run_id": run.id},
        "import_undo": {"run_id": done_import(shop)},
        "batch": {"batch_id": a_batch(shop, planned=True)},
        "batch_undo": {"batch_id": a_batch(shop)},
        "job": {"export_id": export.id},
        "member": {"member_id": member.id},
        "link": {"link_id": link.id},
        "plan_version": {"plan_id": plan.id},
        "promoter": {"promoter_id": promoter.id},
        "refund_retry": {"refund_id": refund.id},
        "staff_member": {"staff_id": staff.id},
        "freight_template": {"template_id": template.id},
        **company,
        **shipped,
        **talk_rows(shop, order_id),
    }
    same = {
        "order": ("unmask", "ship", "cancel", "give_back", "note", "flag", "order_money"),
        "talk": ("talk_news", "talk_send", "talk_settle"),
        "payout_batch": ("payout_approve", "payout_reject", "payout_withdraw"),
        "payout": ("payout_send", "payout_paid", "payout_give_up", "payout_unmask"),
        "payee": ("payee_unmask", "payee_check"),
        "dispatch": ("dispatch_retry",),
        "job": ("job_cancel", "job_file"),
        "member": ("member_merge",),
        "product": (
            *("publish", "goods_kind", "returns", "product_edit"),
            *("product_grid", "product_options", "product_pictures"),
        ),
        "batch": ("batch_cancel",),
        "role": ("role_archive",),
        "page": ("page_remove",),
        "sku": ("price", "saleable", "size", "stock"),
        "promoter": ("promoter_leave",),
        "promotion": ("promotion_change", "promotion_stop"),
        "plan_version": ("plan_withdraw",),
        "review": ("review_answer", "review_fold", "review_unfold"),
        "staff_member": ("staff_remove",),
        "freight_template": ("freight_products", "freight_default", "freight_archive"),
    }
    rows |= {name: rows[source] for source, names in same.items() for name in names}
    bare = (
        "waybills dispatches labels packing_list delivery_notes"
        " home orders to_ship pack products imports links new_link promoters promoter_add plan money refunds"
        " staff staff_invite roles role_new company company_confirm brands pages page_new licences"
        " licence_new agreements agreement_new changes channels payment_account carrier_account"
        " wechat_app settings domain_try"
        " plan_draft plan_rule plan_grades plan_publish plan_trial"
        " product_new bulk_prices bulk_switch batches stocks stock_take products_file"
        " commissions payout_batches payout_new payout_minimum payouts payees"
        " talks quick_answers cases service"
        " return_addresses return_address carriage"
        " freight freight_new promotions promotion_new reviews search members postings export_new jobs"
    )
    return Examples(desk, rows | {name: {} for name in bare.split()})
