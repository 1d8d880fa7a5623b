"""The WeChat sandbox in a process of its own, and the apps that a merchant has there."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Mobile/15E148 MicroMessenger/8.0.50(0x18003237) NetType/WIFI Language/zh_CN"
)


class WechatSandbox:
    """`gateway` is what api.weixin.qq.com and open.weixin.qq.com are in reality."""

    def __init__(self, data: Path) -> None:
        self.data = data
        argv = [sys.executable, "-m", "tongdao.sandboxes.wechat", "--port", "0", "--data", str(data)]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.gateway = self.process.stdout.readline().strip().rsplit(" ", 1)[-1]

    def close(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def control(self, path: str, **body: object) -> Any:
        """A control of the sandbox that must succeed."""
        token = (self.data / "control.token").read_text("utf-8")
        answer = httpx.request(
            "POST" if path != "/calls" else "GET",
            f"{self.gateway}/_control{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def app(self, kind: str, *, account: str = "", **given: str) -> dict[str, str]:
        """The papers of a new app."""
        made: dict[str, str] = self.control("/apps", kind=kind, account=account, **given)
        return made

    def user(self, nickname: str = "小满") -> str:
        return str(self.control("/users", nickname=nickname)["user"])

    def code(self, app: dict[str, str], user: str, scope: str) -> str:
        """As if the user had agreed just now."""
        return str(self.control("/codes", appid=app["appid"], user=user, scope=scope)["code"])

    def ids(self, app: dict[str, str], user: str) -> dict[str, str]:
        told: dict[str, str] = self.control("/ids", appid=app["appid"], user=user)
        return told

    def ask(self, path: str, **query: str) -> dict[str, Any]:
        """What the API answers."""
        told: dict[str, Any] = httpx.get(f"{self.gateway}{path}", params=query, timeout=30).json()
        return told

    def agree(self, address: str, user: str, *, refuse: bool = False) -> str:
        """What the user's browser is sent back to, after it was led to `address` and the user decided."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        form = asked | ({"action": "refuse"} if refuse else {"user": user})
        answer = httpx.post(
            f"{self.gateway}/connect/decide",
            content=urlencode(form),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]
