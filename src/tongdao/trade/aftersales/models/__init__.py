"""Everything that undoes a paid order: the case, what was asked and said, what goes back of each line."""

from tongdao.trade.aftersales.models.asking import AfterSaleFile, AfterSaleItem, AfterSaleWord, Side
from tongdao.trade.aftersales.models.carriage import CarriageOffer
from tongdao.trade.aftersales.models.case import AfterSale, AfterSaleKind
from tongdao.trade.aftersales.models.money import AfterSaleLine, AfterSaleShare, LineRefunded

__all__ = [
    "AfterSale",
    "AfterSaleFile",
    "AfterSaleItem",
    "AfterSaleKind",
    "AfterSaleLine",
    "AfterSaleShare",
    "AfterSaleWord",
    "CarriageOffer",
    "LineRefunded",
    "Side",
]
