"""Tongdao 同道: commerce in which a merchant, its channel partners and its promoters walk one path."""

__version__ = "0.1.0"
