from tongdao.foundation.refusals import BadInput, Refusal


class NothingChosen(BadInput):
    """Nothing was chosen. Tick the goods that it is about, and send it again."""


class TooManyChosen(BadInput):
    """At most %(most)s SKUs at once. Nothing was changed; choose fewer of them."""


class RuleInvalid(BadInput):
    """This price rule cannot be read. Nothing was changed."""


class DueInvalid(BadInput):
    """A planned change lies ahead, and at most a year. Nothing was planned."""


class NothingChanges(Refusal):
    """None of the lines would change anything. Nothing was done."""


class PreviewStale(Refusal):
    """Something of it has changed since you saw the preview. Nothing was done; look at it again."""


class BatchBegun(Refusal):
    """This change has begun already, so it cannot be cancelled. Once it is done you can undo it."""


class BatchNotDone(Refusal):
    """Only a change that is done can be undone, and only once."""


class SkusInvalid(BadInput):
    """Some cells are not right. Nothing was saved; put the marked ones right and save again."""


class SkusChanged(Refusal):
    """Somebody else has changed some of these cells. Nothing was saved and nothing you typed is lost; look at
    the marked ones and save again."""


class ProductChanged(Refusal):
    """Somebody else has changed this product. Nothing was saved and nothing you typed is lost; look at it and
    save again."""


class ProductInvalid(BadInput):
    """Some of this is not right. Nothing was saved; put the marked fields right and send it again."""


class OptionsInvalid(BadInput):
    """A product has at most three options with different names and values. Nothing was saved."""


class TooManySkus(BadInput):
    """These options would make %(count)s SKUs; a product has at most %(most)s here. Nothing was saved."""


class TooManyProductPictures(BadInput):
    """A product has at most %(most)s pictures. Nothing was kept; remove some first."""
