"""WeChat's addresses: calls, pages and scripts have hosts of their own; a sandbox is one for all."""

from __future__ import annotations

API = "https://api.weixin.qq.com"
PAGES = "https://open.weixin.qq.com"
SCRIPTS = "https://res.wx.qq.com"
SDK = "/open/js/jweixin-1.6.0.js"
BROWSER = "MicroMessenger"  # in the name that WeChat's own browser gives itself


def is_sandbox(gateway: str) -> bool:
    return gateway != API


def pages_of(gateway: str) -> str:
    """Where people are sent to sign in."""
    return gateway if is_sandbox(gateway) else PAGES


def scripts_of(gateway: str) -> str:
    """Where pages inside WeChat load its scripts from."""
    return gateway if is_sandbox(gateway) else SCRIPTS


def sdk_of(gateway: str) -> str:
    """The JS-SDK, with which a page says how it wants to be shared."""
    return scripts_of(gateway) + SDK


def inside_wechat(agent: str) -> bool:
    """Whether this is WeChat's own browser, by what it says of itself."""
    return BROWSER in agent
