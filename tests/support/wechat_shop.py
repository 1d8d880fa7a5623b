"""Shops with apps at the WeChat sandbox."""

from __future__ import annotations

from tests.support.builders import Shop, make_shop
from tests.support.wechat import WechatSandbox
from tongdao.foundation.tenancy import merchant_scope
from tongdao.party.merchants.models import WechatKind
from tongdao.party.merchants.operations import connect_wechat
from tongdao.party.merchants.operations.wechat import WechatTerms


def connected_shop(wechat: WechatSandbox) -> Shop:
    """A shop with an official account and a website app of one open-platform account."""
    shop = make_shop()
    for kind in (WechatKind.OFFICIAL, WechatKind.WEBSITE):
        connect_app(shop, wechat, kind, shop.slug)
    return shop


def connect_app(
    shop: Shop, wechat: WechatSandbox, kind: WechatKind, account: str, *, appid: str = ""
) -> dict[str, str]:
    """An app of this open-platform account, connected; its papers."""
    papers = wechat.app(kind.value, account=account, appid=appid)
    terms = WechatTerms(kind, papers["appid"], papers["secret"], papers["gateway"])
    with merchant_scope(shop.merchant_id):
        connect_wechat(terms, actor=shop.owner)
    return papers
