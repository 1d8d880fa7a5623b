"""Good requests to what a merchant says of itself, of its staff and of its papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.faces.api.calling import World, make_world
from tongdao.foundation import clock
from tongdao.foundation.ids import token

COMPANY = {
    "legal_name": "山间茶舍有限公司",
    "credit_code": "91350100M000100Y43",
    "legal_address": "福建省福州市鼓楼区一号",
    "service_phone": "0591-12345678",
}


def a_role() -> dict[str, Any]:
    return {"label": token(12), "permissions": ["orders.read"]}


def a_page() -> dict[str, Any]:
    return {"slug": token(12), "title": "关于我们", "body_html": "<p>茶</p>"}


def a_licence() -> dict[str, Any]:
    begins = clock.today().isoformat()
    return {"kind": "publication_business", "number": token(12), "holder": "山间茶舍", "valid_from": begins}


def an_agreement() -> dict[str, Any]:
    begins = (clock.now() + timedelta(days=30)).isoformat()
    return {"kind": "terms", "title": "服务协议", "body_html": "<p>甲</p>", "effective_from": begins}


BODIES: dict[str, Callable[[], dict[str, Any]]] = {
    "invite_to_staff": lambda: {"for_whom": "小周", "role": "service"},
    "create_staff_role": a_role,
    "edit_staff_role": a_role,
    "change_company": lambda: COMPANY,
    "create_brand": lambda: {"name": token(12)},
    "change_brand": lambda: {"name": token(12)},
    "enter_licence": a_licence,
    "publish_agreement_version": an_agreement,
    "set_goods_kind": lambda: {"category": ""},
    "change_storefront": lambda: {"name": "山间茶舍", "accent": "#2f6f5e"},
    "create_page": a_page,
    "change_page": a_page,
}


def _made(world: World, path: str, body: dict[str, Any], id: str) -> dict[str, str]:
    return {id: world.owner.post(f"{world.desk}/{path}", body, 201)[id]}


def _page(world: World) -> dict[str, str]:
    first = world.owner.get(f"{world.desk}/storefronts")[0]["storefront_id"]
    return _made(world, f"storefronts/{first}/pages", a_page(), "page_id")


def _token(_world: World) -> dict[str, str]:
    """Of a merchant that nobody else is about, since whoever accepts works there."""
    elsewhere = make_world()
    return _made(elsewhere, "staff-invitations", BODIES["invite_to_staff"](), "token")


ENDED: dict[str, Callable[[World], dict[str, str]]] = {
    "revoke_staff_invitation": lambda world: _made(
        world, "staff-invitations", BODIES["invite_to_staff"](), "invitation_id"
    ),
    "archive_staff_role": lambda world: _made(world, "staff-roles", a_role(), "role_id"),
    "withdraw_company_licence": lambda world: _made(world, "licences", a_licence(), "licence_id"),
    "delete_page": _page,
    "accept_staff_invitation": _token,
}
"""Operations that can be done once to a row: each call gets a row of its own."""


def company_ids(world: World) -> dict[str, str]:
    """One row of everything that stays."""
    world.owner("PUT", f"{world.desk}/company", COMPANY)
    found = {"storefront_id": world.owner.get(f"{world.desk}/storefronts")[0]["storefront_id"]}
    found |= {"brand_id": world.owner.get(f"{world.desk}/brands")[0]["brand_id"]}
    found |= _made(world, "staff-roles", a_role(), "role_id") | _page(world)
    found |= _made(world, "licences", a_licence(), "licence_id")
    found |= _made(world, "agreements", an_agreement(), "agreement_id")
    return found | ENDED["revoke_staff_invitation"](world)
