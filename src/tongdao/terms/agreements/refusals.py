from tongdao.foundation.refusals import BadInput, Refusal


class NotDelivered(Refusal):
    """Some items are not delivered to this region."""


class TemplateNameMissing(BadInput):
    """A freight template needs a name of at most 80 characters."""


class TemplateNumbersWrong(BadInput):
    """Weights and fees of a freight template are whole numbers within their limits."""


class RegionUnknown(BadInput):
    """This is not a region of the official list."""


class RegionTwice(BadInput):
    """Each region stands in one rule only, and one rule at most is for everywhere else."""


class NothingServed(BadInput):
    """A freight template needs at least one rule that delivers somewhere, and has at most 60 rules."""


class TooManyTemplates(Refusal):
    """A shop has at most 50 freight templates in use. Archive one that is not needed."""


class DefaultTemplateNeeded(Refusal):
    """While other templates are in use, one must be the default. Make another one the default first."""


class TemplateChanged(Refusal):
    """Somebody else has changed this template meanwhile. Look at it again, then save."""
