"""How each address is tried for leaks. A new address without a line here fails test_addresses.

DESK: below a merchant. A neighbour's owner asks for their desk, and at its own desk for their rows.
OWN: a buyer's own rows. Another buyer asks for them.
STORE: a store's public face. A visitor is shown nothing private, and no store shows another's goods.
MINE: lists what is the caller's own, whoever that is.
EARNER: a promoter's own. Colleagues of the same shop and of another one ask for it (test_promoters).
TOKEN: the address itself is the secret: long, random, equality look-up only.
NOBODYS: shows no merchant's row at all.
PLATFORM: the operators' own. Owners, buyers and visitors ask for it and are led to the door.

`data` is what a form or a query would name: {field: name of an id of theirs}.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["DESK", "OWN", "STORE", "MINE", "EARNER", "TOKEN", "NOBODYS", "PLATFORM"]


@dataclass(frozen=True)
class Case:
    kind: Kind
    data: dict[str, str] = field(default_factory=dict)


def _all(kind: Kind, space: str, names: str) -> dict[str, Case]:
    return {f"{space}:{name}": Case(kind) for name in names.split()}


CASES: dict[str, Case] = {
    # nameless ones by their route
    "healthz": Case("NOBODYS"),
    "metrics": Case("NOBODYS"),
    ".well-known/tongdao/domain": Case("NOBODYS"),
    "i18n/setlang/": Case("NOBODYS"),
    r"api/v1/^(?P<rest>.*)$": Case("NOBODYS"),  # what is not an address
    "callbacks/wechat/<str:token>": Case("TOKEN"),
    "callbacks/wechat/<str:token>/transfers": Case("TOKEN"),
    "callbacks/carrier/<str:token>": Case("TOKEN"),
    # the operators' face: its door, and what is behind it
    **_all("NOBODYS", "operator", "sign_in code whose second sign_out passkey passkeys"),
    **_all("NOBODYS", "operator", "password number authenticator security end_device"),
    **_all("PLATFORM", "operator", "index merchants merchant people person reviews review deeds"),
    **_all("PLATFORM", "operator", "readers reader intents intent jobs job callbacks switches"),
    **_all("PLATFORM", "operator", "sandboxes sandbox sandbox_command switch_set"),
    **_all("PLATFORM", "operator", "merchant_suspend merchant_resume review_take_down"),
    **_all("PLATFORM", "operator", "person_unmask person_lock person_unlock"),
    **_all("PLATFORM", "operator", "disputes dispute dispute_rule dispute_file dispute_bundle"),
    **_all("PLATFORM", "operator", "reader_retry reader_replay intent_retry job_retry job_cancel"),
    # the API's own, and its operations
    **_all("NOBODYS", "api", "openapi-json openapi-view api-root"),
    **_all(
        "NOBODYS",
        "api",
        "create_guest_token register sign_in list_divisions list_event_schemas list_carriers",
    ),
    **_all("NOBODYS", "api", "send_one_time_code prove_number sign_in_by_number claim_number"),
    **_all("NOBODYS", "api", "sign_out_everywhere change_my_password"),
    "api:list_my_devices": Case("MINE"),
    "api:list_my_merges": Case("MINE"),
    "api:propose_my_merge": Case("NOBODYS"),  # the caller's own two accounts, each by a token
    **_all("OWN", "api", "confirm_my_merge undo_my_merge"),
    **_all("STORE", "api", "list_my_consents answer_consent list_my_notifications choose_notification"),
    **_all("DESK", "api", "propose_member_merge list_member_consents"),
    **_all("MINE", "api", "ask_for_my_copy read_my_copy read_my_data preview_my_erasure"),
    **_all("MINE", "api", "ask_for_my_erasure read_my_erasure withdraw_my_erasure"),
    **_all("MINE", "api", "sign_out read_me open_merchant_here list_orders"),
    **_all(
        "STORE",
        "api",
        "read_store list_products search_products read_product read_price ask_quote place_purchase",
    ),
    **_all("STORE", "api", "list_offers read_group"),
    **_all("STORE", "api", "list_product_reviews list_lines_to_review"),
    **_all("OWN", "api", "review_line follow_up_review"),
    "api:list_my_reviews": Case("MINE"),
    **_all("DESK", "api", "list_reviews answer_buyers_review fold_buyers_review unfold_buyers_review"),
    **_all("STORE", "api", "read_cart empty_cart put_in_cart become_promoter record_touch"),
    **_all("STORE", "api", "list_favourites add_favourite remove_favourite list_my_coupons"),
    **_all("STORE", "api", "list_addresses add_address"),
    **_all("OWN", "api", "edit_address remove_address"),
    "api:read_promoter_agreement": Case("STORE"),
    **_all("OWN", "api", "read_my_income list_my_sales list_my_links read_my_grade"),
    **_all("OWN", "api", "list_my_income_lines read_my_income_line list_my_payouts read_my_payout"),
    **_all("OWN", "api", "read_my_payee say_my_payee forget_my_payee"),
    **_all("OWN", "api", "read_purchase give_up_purchase open_payment refresh_payment"),
    **_all("OWN", "api", "read_order confirm_receipt cancel_my_order stop_promoting create_own_link"),
    **_all("DESK", "api", "list_staff change_staff_role remove_from_staff"),
    **_all("DESK", "api", "list_invitations invite_to_staff revoke_staff_invitation"),
    **_all("DESK", "api", "list_staff_roles create_staff_role edit_staff_role archive_staff_role"),
    **_all("DESK", "api", "read_company change_company confirm_company_profile set_goods_kind"),
    **_all("DESK", "api", "list_brands create_brand change_brand list_storefronts change_storefront"),
    **_all("DESK", "api", "list_pages create_page change_page delete_page"),
    **_all("DESK", "api", "list_licences enter_licence withdraw_company_licence"),
    **_all("DESK", "api", "list_agreements publish_agreement_version"),
    **_all("STORE", "api", "read_about accept_store_agreement"),
    "api:accept_staff_invitation": Case("TOKEN"),
    **_all("DESK", "api", "read_payment_account connect_payment_account"),
    **_all("DESK", "api", "read_carrier_account connect_carrier_account"),
    **_all("DESK", "api", "list_wechat_apps connect_wechat_app"),
    "api:sign_in_by_wechat": Case("STORE"),
    **_all("DESK", "api", "list_own_products read_own_product change_product change_sku count_stock"),
    **_all("DESK", "api", "make_product edit_product save_product_skus change_product_options count_stocks"),
    **_all("DESK", "api", "preview_goods_batch begin_goods_batch list_goods_batches read_goods_batch"),
    **_all("DESK", "api", "cancel_goods_batch undo_goods_batch undo_products_import list_product_pictures"),
    **_all("DESK", "api", "upload_product_pictures arrange_product_pictures"),
    **_all("DESK", "api", "remove_product_picture restore_product_picture"),
    **_all("DESK", "api", "import_products_file list_imports read_import"),
    **_all("DESK", "api", "read_commission_plan set_commission_plan create_share_link"),
    **_all("DESK", "api", "list_commission_plans publish_commission_plan try_commission_plan"),
    **_all("DESK", "api", "read_commission_plan_version withdraw_commission_plan read_promoter_grade"),
    **_all("DESK", "api", "read_commission_draft save_commission_draft discard_commission_draft"),
    **_all("DESK", "api", "list_freight_templates create_freight_template change_freight_template"),
    **_all("DESK", "api", "make_freight_template_default archive_freight_template"),
    **_all("DESK", "api", "assign_freight_template preview_freight"),
    **_all("DESK", "api", "list_promotions read_promotion change_promotion stop_promotion"),
    **_all("DESK", "api", "create_coupon create_flash_sale create_group_buy create_gift"),
    **_all("DESK", "api", "list_merchant_orders read_merchant_order cancel_merchant_order unmask_order"),
    **_all("DESK", "api", "give_money_back"),
    **_all("DESK", "api", "list_members read_member list_postings create_export list_exports"),
    **_all("DESK", "api", "read_export cancel_list_export download_export"),
    **_all("DESK", "api", "list_parcels list_order_parcels pack_order"),
    **_all("DESK", "api", "dispatch_orders list_dispatches read_dispatch retry_dispatched_orders"),
    **_all("DESK", "api", "take_parcel_back list_order_notes write_order_note pin_order_note"),
    **_all("DESK", "api", "put_order_flag read_trend"),
    **_all("DESK", "api", "list_commissions read_order_waterfall read_balances preview_payout_batch"),
    **_all("DESK", "api", "propose_payout_batch change_payout_minimum list_payout_batches read_payout_batch"),
    **_all("DESK", "api", "approve_payout_batch reject_payout_batch withdraw_payout_batch list_payouts"),
    **_all("DESK", "api", "read_payout send_payout_again note_payout_paid give_payout_up unmask_payout_card"),
    **_all("DESK", "api", "list_payees read_payee unmask_payee_name check_payee_papers"),
    **_all("DESK", "api", "read_trial_balance read_order_ledger list_refunds retry_failed_refund"),
    "api:read_events": Case("DESK"),  # the event feed
    "api:list_my_cases": Case("MINE"),
    **_all("OWN", "api", "list_my_case_offers open_my_case read_my_case download_my_case_file"),
    **_all("OWN", "api", "correct_my_waybill"),
    **_all("DESK", "api", "list_return_addresses set_where_returns_go"),
    **_all("DESK", "api", "end_where_returns_go offer_return_carriage"),
    **_all("DESK", "console", "return_addresses return_address return_address_end carriage"),
    **_all("OWN", "api", "withdraw_my_case send_my_case_back confirm_my_replacement say_in_my_case"),
    **_all("OWN", "api", "dispute_my_case state_my_case appeal_my_ruling accept_my_ruling drop_my_dispute"),
    "api:download_my_statement_file": Case("OWN"),
    "api:concede_my_dispute": Case("OWN"),
    "api:concede_case_dispute": Case("DESK"),
    **_all("OWN", "api", "read_my_talk write_my_message mark_my_talk_seen download_my_message_file"),
    **_all("OWN", "api", "read_my_buyers_talk answer_my_buyer mark_my_buyers_talk_seen"),
    **_all("DESK", "api", "list_talks read_talk write_message mark_talk_seen settle_order_talk"),
    **_all("DESK", "api", "list_cases read_case agree_to_buyers_case grant_buyers_case refuse_buyers_case"),
    **_all("DESK", "api", "receive_case_goods send_case_replacement say_on_case download_case_file"),
    **_all("DESK", "api", "call_platform_on_case state_case_to_platform appeal_case_ruling"),
    **_all("DESK", "api", "accept_case_ruling drop_case_dispute download_dispute_file read_service_levels"),
    **_all("DESK", "api", "download_message_file list_quick_answers create_quick_answer"),
    **_all("DESK", "api", "order_quick_answers edit_quick_answer delete_quick_answer"),
    # the console
    **_all("NOBODYS", "console", "sign_in sign_in_code sign_in_whose sign_in_second sign_out open"),
    **_all("NOBODYS", "console", "security password number authenticator end_device"),
    "console:start": Case("MINE"),
    **_all("DESK", "console", "home search orders order unmask ship cancel give_back to_ship"),
    "console:pack": Case("DESK", {"order": "order_id"}),
    **_all("DESK", "console", "waybills dispatches dispatch dispatch_retry parcel_cancel note note_pin flag"),
    "console:labels": Case("DESK", {"order": "order_id"}),
    "console:packing_list": Case("DESK", {"parcel": "parcel_id"}),
    "console:delivery_notes": Case("DESK", {"dispatch": "dispatch_id"}),
    **_all("DESK", "console", "product_new product_edit product_grid product_options product_pictures"),
    "console:bulk_prices": Case("DESK", {"product": "product_id", "sku": "sku_id"}),
    "console:bulk_switch": Case("DESK", {"product": "product_id"}),
    **_all("DESK", "console", "batches batch batch_undo batch_cancel stocks import_undo products_file"),
    "console:stock_take": Case("DESK", {"sku": "sku_id"}),
    **_all("DESK", "console", "products product publish sku price saleable size stock imports import"),
    **_all("DESK", "console", "promotions promotion promotion_change promotion_stop"),
    "console:promotion_new": Case("DESK", {"sku_id": "sku_id"}),
    **_all("DESK", "console", "members member member_merge postings export_new jobs job job_cancel job_file"),
    **_all("DESK", "console", "talks talk talk_news talk_file talk_send talk_settle"),
    **_all("DESK", "console", "cases case case_file case_agree case_grant case_refuse case_receive service"),
    **_all("DESK", "console", "case_replace case_say case_call dispute_file dispute_state dispute_accept"),
    **_all("DESK", "console", "dispute_appeal dispute_drop dispute_concede case_bundle"),
    "console:quick_answers": Case("DESK", {"answer": "quick_answer_id"}),
    **_all("DESK", "console", "reviews review review_answer review_fold review_unfold"),
    **_all("DESK", "console", "links link"),
    "console:new_link": Case("DESK", {"promoter": "promoter_id", "product": "product_id"}),
    **_all("DESK", "console", "promoters promoter_add promoter promoter_leave plan"),
    **_all("DESK", "console", "plan_draft plan_grades plan_publish plan_trial plan_version plan_withdraw"),
    "console:plan_rule": Case("DESK", {"product": "product_id", "sku": "sku_id"}),
    **_all("DESK", "console", "commissions order_money payout_batches payout_new payout_minimum payouts"),
    **_all("DESK", "console", "payout_batch payout_approve payout_reject payout_withdraw"),
    **_all("DESK", "console", "payout payout_send payout_paid payout_give_up payout_unmask"),
    **_all("DESK", "console", "payees payee payee_unmask payee_check"),
    **_all("DESK", "console", "money refunds refund_retry staff staff_member staff_remove"),
    **_all("DESK", "console", "freight freight_new freight_template freight_default freight_archive"),
    "console:freight_products": Case("DESK", {"product": "product_id"}),
    **_all("DESK", "console", "channels payment_account carrier_account wechat_app settings domain_try"),
    # the promoter's phone
    **_all("NOBODYS", "promoter", "sign_in code whose second sign_out manifest worker offline"),
    **_all("NOBODYS", "promoter", "security password number authenticator"),
    "promoter:start": Case("MINE"),
    **_all("STORE", "promoter", "join guide sign_in_wechat wechat_back"),
    **_all("EARNER", "promoter", "agreement today links link orders order me leave talk talk_news"),
    **_all("EARNER", "promoter", "income income_line payee payouts payout payout_parts take"),
    "promoter:share": Case("EARNER", {"product": "product_id"}),
    **_all("DESK", "console", "staff_invite invitation_revoke roles role_new role role_archive"),
    **_all("DESK", "console", "company company_confirm brands brand pages page_new page page_remove"),
    **_all("DESK", "console", "licences licence_new licence_withdraw goods_kind returns"),
    **_all("DESK", "console", "agreements agreement_new agreement changes"),
    "console:join": Case("TOKEN"),
    # the shop
    "shop:landing": Case("STORE"),
    "shop:media": Case("NOBODYS"),  # public pictures, by random names
    "shop:link": Case("TOKEN"),
    **_all("STORE", "shop", "home categories search suggest product choose cart checkout me"),
    **_all("STORE", "shop", "about text agreement manifest seen"),
    **_all("MINE", "shop", "coupons addresses address_new"),
    "shop:favourites": Case("STORE", {"keep": "product_id"}),
    "shop:seen_cards": Case("STORE", {"p": "handle"}),
    **_all("OWN", "shop", "address address_default address_delete"),
    "shop:theme": Case("NOBODYS"),  # a style sheet made of its own address
    **_all("STORE", "shop", "offers flash flash_pulse group"),
    "shop:take": Case("STORE", {"sku": "sku_id"}),
    "shop:cart_line": Case("STORE", {"sku": "sku_id"}),
    "shop:reviews": Case("STORE"),
    "shop:orders": Case("MINE"),
    **_all("NOBODYS", "shop", "sign_in sign_in_code sign_in_whose sign_in_second sign_out"),
    **_all("NOBODYS", "shop", "security password number end_device"),
    **_all("NOBODYS", "shop", "sign_in_passkey passkeys"),
    **_all("NOBODYS", "console", "sign_in_passkey passkeys"),
    **_all("NOBODYS", "promoter", "passkey passkeys"),
    **_all("NOBODYS", "shop", "account_proof account_proof_code account_proof_whose account_proof_second"),
    **_all("MINE", "shop", "accounts notifications"),
    **_all("NOBODYS", "shop", "account_merge account_part"),  # a person's, of no merchant
    "shop:consents": Case("STORE"),
    **_all("NOBODYS", "shop", "my_data my_copy my_copy_file my_erasure keep_me"),
    **_all("STORE", "shop", "sign_in_wechat wechat_back wechat_share"),
    "shop:my_reviews": Case("MINE"),
    **_all("OWN", "shop", "talk talk_news talk_file"),
    "shop:cases": Case("MINE"),
    **_all("OWN", "shop", "after_sale case case_file dispute_file case_withdraw case_send_back case_confirm"),
    **_all("OWN", "shop", "case_say case_escalate case_state case_appeal case_accept case_drop case_concede"),
    **_all("OWN", "shop", "case_correct"),
    **_all("OWN", "shop", "order story pay wechat_pay scan close cancel confirm review follow_up"),
}
