"""A site that a phone can visit, with the payment sandbox behind it."""

from tests.faces.shop.conftest import browser, sandbox, site

__all__ = ["browser", "sandbox", "site"]
