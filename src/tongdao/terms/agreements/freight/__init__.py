"""What sending costs: a pure function over the templates in force. Read them with `queries.read_freight`."""

from tongdao.terms.agreements.freight.pricing import freight
from tongdao.terms.agreements.freight.shapes import (
    FreightItem,
    FreightQuote,
    FreightTerms,
    ParcelQuote,
    Rule,
    Template,
)

__all__ = ["FreightItem", "FreightQuote", "FreightTerms", "ParcelQuote", "Rule", "Template", "freight"]
