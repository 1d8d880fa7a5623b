"""A site that a phone can visit, with the payment sandbox behind it."""

from tests.faces.shop.conftest import browser, sandbox, site, wechat

__all__ = ["browser", "sandbox", "site", "wechat"]
