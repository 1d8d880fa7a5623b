"""A site that a browser can visit."""

from tests.faces.console.test_freight_browser import browser, site

__all__ = ["browser", "site"]
