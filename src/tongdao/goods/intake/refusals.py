from tongdao.foundation.refusals import BadInput, Refusal


class CurrencyDiffers(BadInput):
    """You sell in %(merchant)s, but the prices of this file are said to be %(stated)s."""


class ImportFileTooLarge(BadInput):
    """A product file has at most %(limit_mb)s MB. Split it and import the parts one after the other."""

    status = 413


class ImportFileGone(Refusal):
    """The uploaded file is no longer there. Please upload it again."""


class ImportNotUndoable(Refusal):
    """Only an import that is done can be undone, once, and only if it changed something."""


class ImportUndoOver(Refusal):
    """An import can be undone within %(days)s days after its end. They are over."""


class ImportBroke(Refusal):
    """The import broke off because of an error of ours. What had gone in stays; import the file again."""
