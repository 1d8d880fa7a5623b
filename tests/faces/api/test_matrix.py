"""The permission matrix walked: role by role, each page of the desk and each operation of the API agree.

Pages come from the URLconf and operations from the API's description, so what is new fails here until it has
a permission and stands beside what does the same at the other face, or says why there is nothing.
"""

from __future__ import annotations

from collections.abc import Set
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from tests.faces.api.calling import Caller, caller_for
from tests.faces.api.examples import Examples, Operation, operations
from tests.faces.console.support import at_desk
from tongdao.faces.api.operation import PERMISSIONS as NEEDS
from tongdao.faces.console.table import PAGES
from tongdao.faces.console.table import PERMISSIONS as PAGE_NEEDS
from tongdao.faces.console.urls import urlpatterns
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import Role, StaffRole
from tongdao.party.merchants.operations import add_staff, create_role
from tongdao.party.merchants.permissions import MATRIX, PERMISSIONS, Permission, with_implied
from tongdao.party.people.models import Person
from tongdao.party.people.operations import create_guest

# What each page shows or does, as operations of the API.
SAME: dict[str, str] = {
    "home": "read_trend",
    "orders": "list_merchant_orders",
    "order": "read_merchant_order list_order_parcels list_order_notes",
    "to_ship": "list_parcels",
    "unmask": "unmask_order",
    "ship": "pack_order",
    "pack": "dispatch_orders",
    "waybills": "dispatch_orders",
    "dispatches": "list_dispatches",
    "dispatch": "read_dispatch",
    "dispatch_retry": "retry_dispatched_orders",
    "parcel_cancel": "take_parcel_back",
    "note": "write_order_note",
    "note_pin": "pin_order_note",
    "flag": "put_order_flag",
    "cancel": "cancel_merchant_order",
    "give_back": "give_money_back",
    "talks": "list_talks",
    "talk": "read_talk",
    "talk_news": "read_talk",
    "talk_file": "download_message_file",
    "talk_send": "write_message mark_talk_seen",
    "talk_settle": "settle_order_talk",
    "quick_answers": "list_quick_answers create_quick_answer order_quick_answers edit_quick_answer"
    " delete_quick_answer",
    "cases": "list_cases",
    "service": "read_service_levels",
    "case": "read_case",
    "case_file": "download_case_file",
    "case_agree": "agree_to_buyers_case",
    "case_grant": "grant_buyers_case",
    "case_refuse": "refuse_buyers_case",
    "case_receive": "receive_case_goods",
    "case_replace": "send_case_replacement",
    "case_say": "say_on_case",
    "case_call": "call_platform_on_case",
    "dispute_file": "download_dispute_file",
    "dispute_state": "state_case_to_platform",
    "dispute_accept": "accept_case_ruling",
    "dispute_appeal": "appeal_case_ruling",
    "dispute_drop": "drop_case_dispute",
    "dispute_concede": "concede_case_dispute",
    "reviews": "list_reviews",
    "review": "list_reviews",
    "review_answer": "answer_buyers_review",
    "review_fold": "fold_buyers_review",
    "review_unfold": "unfold_buyers_review",
    "products": "list_own_products",
    "product": "read_own_product list_product_pictures",
    "sku": "read_own_product",
    "publish": "change_product",
    "price": "change_sku",
    "saleable": "change_sku",
    "size": "change_sku",
    "stock": "count_stock",
    "goods_kind": "set_goods_kind",
    "returns": "change_product",
    "product_new": "make_product",
    "product_edit": "edit_product",
    "product_grid": "save_product_skus",
    "product_options": "change_product_options",
    "product_pictures": "upload_product_pictures arrange_product_pictures remove_product_picture"
    " restore_product_picture",
    "bulk_prices": "preview_goods_batch begin_goods_batch",
    "bulk_switch": "preview_goods_batch begin_goods_batch",
    "batches": "list_goods_batches",
    "batch": "read_goods_batch",
    "batch_undo": "undo_goods_batch",
    "batch_cancel": "cancel_goods_batch",
    "stocks": "read_own_product",
    "stock_take": "count_stocks",
    "import_undo": "undo_products_import",
    "imports": "list_imports import_products_file",
    "import": "read_import",
    "promotions": "list_promotions",
    "promotion": "read_promotion",
    "promotion_new": "create_coupon create_flash_sale create_group_buy create_gift",
    "promotion_change": "change_promotion",
    "promotion_stop": "stop_promotion",
    "new_link": "create_share_link",
    "plan": "read_commission_plan set_commission_plan list_commission_plans",
    "plan_version": "read_commission_plan_version",
    "plan_withdraw": "withdraw_commission_plan",
    "plan_draft": "read_commission_draft save_commission_draft discard_commission_draft",
    "plan_rule": "save_commission_draft",
    "plan_grades": "save_commission_draft",
    "plan_publish": "publish_commission_plan",
    "plan_trial": "try_commission_plan",
    "promoter": "read_promoter_grade",
    "money": "read_trial_balance read_order_ledger read_balances",
    "commissions": "list_commissions",
    "order_money": "read_order_waterfall",
    "payout_batches": "list_payout_batches",
    "payout_new": "preview_payout_batch propose_payout_batch",
    "payout_minimum": "change_payout_minimum",
    "payout_batch": "read_payout_batch",
    "payout_approve": "approve_payout_batch",
    "payout_reject": "reject_payout_batch",
    "payout_withdraw": "withdraw_payout_batch",
    "payouts": "list_payouts",
    "payout": "read_payout",
    "payout_send": "send_payout_again",
    "payout_paid": "note_payout_paid",
    "payout_give_up": "give_payout_up",
    "payout_unmask": "unmask_payout_card",
    "payees": "list_payees",
    "payee": "read_payee",
    "payee_unmask": "unmask_payee_name",
    "payee_check": "check_payee_papers",
    "refunds": "list_refunds",
    "members": "list_members",
    "member": "read_member list_member_consents",
    "member_merge": "propose_member_merge",
    "postings": "list_postings",
    "export_new": "create_export",
    "jobs": "list_exports",
    "job": "read_export",
    "job_cancel": "cancel_list_export",
    "job_file": "download_export",
    "refund_retry": "retry_failed_refund",
    "channels": "read_payment_account read_carrier_account list_wechat_apps",
    "payment_account": "connect_payment_account",
    "carrier_account": "connect_carrier_account",
    "wechat_app": "connect_wechat_app",
    "return_addresses": "list_return_addresses",
    "return_address": "set_where_returns_go",
    "return_address_end": "end_where_returns_go",
    "carriage": "offer_return_carriage",
    "freight": "list_freight_templates",
    "freight_new": "create_freight_template",
    "freight_template": "change_freight_template preview_freight",
    "freight_products": "assign_freight_template",
    "freight_default": "make_freight_template_default",
    "freight_archive": "archive_freight_template",
    "staff": "list_staff list_invitations",
    "staff_invite": "invite_to_staff",
    "invitation_revoke": "revoke_staff_invitation",
    "staff_member": "change_staff_role",
    "staff_remove": "remove_from_staff",
    "roles": "list_staff_roles",
    "role_new": "create_staff_role",
    "role": "edit_staff_role",
    "role_archive": "archive_staff_role",
    "settings": "list_storefronts change_storefront",
    "brands": "list_brands create_brand",
    "brand": "change_brand",
    "pages": "list_pages",
    "page_new": "create_page",
    "page": "change_page",
    "page_remove": "delete_page",
    "company": "read_company change_company",
    "company_confirm": "confirm_company_profile",
    "licences": "list_licences",
    "licence_new": "enter_licence",
    "licence_withdraw": "withdraw_company_licence",
    "agreements": "list_agreements",
    "agreement_new": "publish_agreement_version",
    "agreement": "list_agreements",
    "changes": "read_events",
}
NO_OPERATION = {
    "labels": "paper: programs have the carrier's own",
    "packing_list": "the same: read_dispatch and read_merchant_order tell it",
    "delivery_notes": "the same",
    "products_file": "a file for hands: programs read list_own_products",
    "case_bundle": "a file for hands: read_case, read_talk and the events tell it",
    "search": "leads to pages",
    "domain_try": "asks the network on behalf of who looks: programs can ask themselves",
    "links": "programs keep the links that they make",
    "link": "the same",
    "promoters": "a promoter joins and leaves by itself",
    "promoter_add": "the same",
    "promoter_leave": "the same",
}
# Pages outside a merchant: who one is, not what one may.
OUTSIDE = frozenset(
    {"start", "open", "join", "security", "password", "number", "authenticator", "end_device", "passkeys"}
    | {"sign_in", "sign_in_code", "sign_in_whose", "sign_in_second", "sign_in_passkey", "sign_out"}
)


BITS = range(len(PERMISSIONS).bit_length())


def coded(bit: int) -> frozenset[Permission]:
    """The permissions whose number, counted from 1, has this bit."""
    return frozenset(each for number, each in enumerate(PERMISSIONS, 1) if number >> bit & 1)


def of_staff() -> dict[str, Operation]:
    return {each.id: each for each in operations() if NEEDS[each.id] in PERMISSIONS}


def test_every_address_of_the_desk_has_a_permission_or_stands_outside() -> None:
    inside, outside = set(), set()
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern) and pattern.name
        below = str(pattern.pattern).startswith("m/<uuid:merchant_id>/")
        (inside if below else outside).add(pattern.name)
    assert inside == set(PAGE_NEEDS) and set(PAGE_NEEDS.values()) <= set(PERMISSIONS)
    assert outside == OUTSIDE


def test_every_page_stands_beside_its_operations() -> None:
    assert set(SAME) | set(NO_OPERATION) == set(PAGE_NEEDS) and not set(SAME) & set(NO_OPERATION)
    assert {id for ids in SAME.values() for id in ids.split()} == set(of_staff())


@pytest.mark.parametrize("page", SAME)
def test_page_and_operation_need_the_same(page: str) -> None:
    assert {NEEDS[id] for id in SAME[page].split()} == {PAGE_NEEDS[page]}


def test_every_permission_opens_something() -> None:
    inside: set[str] = {"lists.unmask"}  # an export may be in full: asked by the operation itself
    assert set(PAGE_NEEDS.values()) | set(NEEDS.values()) | inside >= set(PERMISSIONS)


class Clerk:
    """Somebody in a role, at the desk and as a program."""

    def __init__(self, examples: Examples, role: Role | StaffRole) -> None:
        self.shop = examples.world.shop
        person: Person = create_guest()
        with merchant_scope(self.shop.merchant_id):
            add_staff(person.id, role, actor=self.shop.owner)
        self.caller: Caller = caller_for(person)
        browser = Client()
        browser.force_login(person, backend="tongdao.party.people.sign_in.IdentityBackend")
        self.browser = at_desk(browser)

    def shut_pages(self) -> set[str]:
        """Pages that refuse this clerk, asked with ids that lead to nothing."""
        return {page.name for page in PAGES if self._status(page.name, page.path, page.show is None) == 403}

    def _status(self, name: str, path: str, only_acts: bool) -> int:
        parts = {part.split(">")[0].split(":")[1]: uuid4() for part in path.split("<")[1:]}
        url = reverse(f"console:{name}", kwargs={"merchant_id": self.shop.merchant_id, **parts})
        return (self.browser.post(url) if only_acts else self.browser.get(url)).status_code

    def shut_operations(self, examples: Examples) -> set[str]:
        """The same of operations, asked with good bodies."""
        return {one.id for one in of_staff().values() if self._refused(examples, one)}

    def _refused(self, examples: Examples, operation: Operation) -> bool:
        """By its role: what one may not give to others, since one has not got it, is another refusal."""
        names = [part.split("}")[0] for part in operation.path.split("{")[1:]]
        ids = {name: str(uuid4()) for name in names} | {"merchant_id": str(self.shop.merchant_id)}
        path = operation.path.format(**ids)
        answer = self.caller(operation.verb, path, examples.body(operation.id))
        return answer.status == 403 and answer.code == "not_allowed"


def expect(examples: Examples, role: Role | StaffRole, held: Set[str]) -> None:
    clerk = Clerk(examples, role)
    # The home leads whoever may not see it to the first page that he may see.
    shut = {name for name, need in PAGE_NEEDS.items() if need not in held and name != "home"}
    assert clerk.shut_pages() - {"home"} == shut
    assert clerk.shut_operations(examples) == {id for id in of_staff() if NEEDS[id] not in held}


@pytest.mark.parametrize("role", Role)
def test_a_role_of_the_house_opens_what_the_matrix_says_at_both_faces(examples: Examples, role: Role) -> None:
    expect(examples, role, MATRIX[role])


def test_no_two_permissions_have_the_same_code() -> None:
    codes = {tuple(permission in coded(bit) for bit in BITS) for permission in PERMISSIONS}
    assert len(codes) == len(PERMISSIONS) and all(map(any, codes))


@pytest.mark.parametrize("bit", BITS)
def test_a_role_of_ones_own_opens_what_it_names_and_nothing_else(examples: Examples, bit: int) -> None:
    """Each permission is in a set of these roles that no other is in: a page that asked another shows."""
    with merchant_scope(examples.world.shop.merchant_id):
        role = create_role(f"role {bit}", coded(bit), actor=examples.world.shop.owner)
    expect(examples, role, with_implied(coded(bit)))
