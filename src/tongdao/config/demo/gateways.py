"""Connecting the demo merchant with the sandboxes, whose addresses may differ from start to start."""

from __future__ import annotations

import json
from dataclasses import astuple
from pathlib import Path
from uuid import UUID

import httpx

from tongdao.foundation.actors import Actor
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import WechatKind
from tongdao.party.merchants.operations import connect_account, connect_wechat, current_account, wechat_app
from tongdao.party.merchants.operations.accounts import AccountTerms
from tongdao.party.merchants.operations.wechat import WechatTerms
from tongdao.party.merchants.refusals import NoPaymentAccount
from tongdao.party.people.wechat import is_sandbox
from tongdao.trade.shipping.accounts import access_now
from tongdao.trade.shipping.gateway import Access, Party
from tongdao.trade.shipping.operations.setup import connect_carrier

CONNECTED, KEPT, ABSENT = "connected", "as it was", "no sandbox here"
FEE_BPS = 60  # 0.6 %: what the channel usually keeps
APP_NAME = "汀岫手作"
NICKNAMES = ("林小满", "周野")  # made up, as all of the demo
SENDER = Party("汀岫手作工坊", "13800138000", "浙江省杭州市西湖区文三路 90 号")


def fill_payments(merchant_id: UUID, papers: Path, *, actor: Actor) -> str:
    """Take payments through the sandbox whose merchant.json this is; says what was done."""
    if not papers.exists():
        return ABSENT
    given = json.loads(papers.read_text(encoding="utf-8"))
    terms = AccountTerms(
        mchid=given["mchid"],
        appid=given["appid"],
        certificate_serial=given["cert_serial_no"],
        private_key=given["merchant_private_key"],
        api_v3_key=given["apiv3_key"],
        platform_key_id=given["platform_public_key_id"],
        platform_public_key=given["platform_public_key"],
        gateway_url=given["gateway"],
        fee_bps=FEE_BPS,
    )
    with merchant_scope(merchant_id):
        if _current_terms() == terms:
            return KEPT
        connect_account(terms, actor=actor)
    return CONNECTED


def _current_terms() -> AccountTerms | None:
    try:
        row = current_account()
    except NoPaymentAccount:
        return None
    return AccountTerms(
        mchid=row.mchid,
        appid=row.appid,
        certificate_serial=row.certificate_serial,
        private_key=row.private_key,
        api_v3_key=row.api_v3_key,
        platform_key_id=row.platform_key_id,
        platform_public_key=row.platform_public_key,
        gateway_url=row.gateway_url,
        fee_bps=row.fee_bps,
    )


def fill_wechat(merchant_id: UUID, sandbox: Path, url: str, *, actor: Actor) -> str:
    """Sign buyers in through the sandbox whose control.token is in this folder; says what was done.

    The official account is the one that the payment account names, so that buyers pay inside it.
    """
    if not is_sandbox(url) or not (sandbox / "control.token").exists():
        return ABSENT
    secret = (sandbox / "control.token").read_text("utf-8")
    with merchant_scope(merchant_id):
        official = _current_terms()
    done, first = KEPT, False
    with httpx.Client(base_url=f"{url}/_control", headers={"Authorization": f"Bearer {secret}"}) as control:
        for kind in WechatKind:
            with merchant_scope(merchant_id):
                known = wechat_app(kind)
            named = official.appid if official and kind == WechatKind.OFFICIAL else known and known.appid
            asked = {"kind": kind.value, "account": "demo", "name": APP_NAME, "appid": named or ""}
            given = control.post("/apps", json=asked).raise_for_status().json()
            terms = WechatTerms(kind, given["appid"], given["secret"], given["gateway"])
            if known is None or (known.appid, known.secret, known.gateway) != astuple(terms)[1:]:
                with merchant_scope(merchant_id):
                    connect_wechat(terms, actor=actor)
                done, first = CONNECTED, first or known is None
        if first:
            for nickname in NICKNAMES:
                control.post("/users", json={"nickname": nickname}).raise_for_status()
    return done


def fill_carrier(merchant_id: UUID, account: Path, url: str, *, actor: Actor) -> str:
    """Send parcels through the sandbox whose account.json this is; says what was done."""
    if not account.exists():
        return ABSENT
    given = json.loads(account.read_text(encoding="utf-8"))
    access = Access(url, given["key"], given["secret"], given["customer"], given["partner_id"])
    with merchant_scope(merchant_id):
        if access_now() == access:
            return KEPT
        connect_carrier(access, SENDER, actor=actor)
    return CONNECTED
