"""The menu is drawn once and kept: each role, section and language has its own."""

from __future__ import annotations

import re

from tests.faces.console.support import Desk, make_desk
from tongdao.party.merchants.models import Role


def menu_of(desk: Desk, role: Role, page: str, language: str = "zh-hans") -> str:
    answer = desk.client(role).get(desk.url(page), headers={"accept-language": language})
    assert answer.status_code == 200
    found = re.search(r'<nav class="console-side".*?</nav>', answer.content.decode(), re.DOTALL)
    assert found
    return found[0]


def test_what_is_kept_is_nobody_elses() -> None:
    desk, other = make_desk(), make_desk()
    for _ in range(2):  # the second time from what was kept
        owner = menu_of(desk, Role.OWNER, "orders")
        assert desk.url("staff") in owner and other.url("orders") not in owner
        assert f'href="{desk.url("orders")}" aria-current="page"' in owner
        service = menu_of(desk, Role.SERVICE, "orders")
        assert desk.url("orders") in service and desk.url("staff") not in service
        assert f'href="{desk.url("members")}" aria-current="page"' in menu_of(desk, Role.OWNER, "members")
        assert "Orders" in menu_of(desk, Role.OWNER, "orders", "en") and "Orders" not in owner
        assert other.url("orders") in menu_of(other, Role.OWNER, "orders")
