from tongdao.foundation.refusals import BadInput, Refusal


class AlreadyPromoter(Refusal):
    """This person is a promoter here already."""


class AgeNotDeclared(BadInput):
    """Promoters must be %(age)d years of age or older, and say so. Nothing was stored."""


class AgreementChanged(Refusal):
    """A new version of the agreement applies by now. Nothing was stored; please read it and decide again."""


class BothArePromoters(Refusal):
    """Both accounts are promoters of the same shop, each with an income of its own. Stop with one of them
    first; nothing was changed."""
