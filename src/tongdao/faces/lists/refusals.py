from __future__ import annotations

from tongdao.foundation.refusals import BadInput, NotAllowed, Refusal


class FilterUnreadable(BadInput):
    """The filter %(param)s cannot be read: %(why)s Nothing was listed; correct it and look again."""


class FilterNameInvalid(BadInput):
    """A filter needs a name of at most 40 characters. It was not saved; give it one."""


class TooManyFilters(Refusal):
    """This list has 50 saved filters already. This one was not saved; delete one that nobody uses."""


class NothingToDo(BadInput):
    """The form did not say what to do with the list. Nothing has changed; open the page again."""


class UnknownList(BadInput):
    """There is no such list. Nothing was exported; choose another one."""


class ListHidden(NotAllowed):
    """Your role does not see this list, or not in full. Nothing was exported; ask who gives out roles."""


class UnknownFormat(BadInput):
    """There is no such kind of file. Nothing was exported; choose CSV or XLSX."""


class ExportGone(Refusal):
    """This file is no longer kept. The list has not changed; export it again."""

    status = 410


class ExportNotReady(Refusal):
    """This file is not ready. Nothing is lost; wait for it, or export again if it failed."""


class ExportOver(Refusal):
    """This export has ended already. There is nothing left to cancel."""


class ExportBroke(Refusal):
    """The export broke off because of an error of ours. The list has not changed; export it again."""


class TooManyRows(Refusal):
    """A spreadsheet holds %(most)s rows; this list has more. Nothing was exported; choose CSV, or filter."""
