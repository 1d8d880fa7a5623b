from tongdao.terms.promotions.queries.offering import OfferBook, read_offers

__all__ = ["OfferBook", "read_offers"]
