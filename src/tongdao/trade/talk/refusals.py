"""Why a message is not sent, or a quick answer not kept."""

from __future__ import annotations

from tongdao.foundation.refusals import BadInput, Refusal


class MessageEmpty(BadInput):
    """There is nothing to send. Write a few words."""


class MessageTooLong(BadInput):
    """A message has at most %(most)d characters. Nothing was sent; send it in two parts."""


class MessageChanged(Refusal):
    """This was sent already, with other words. Nothing was sent now; send it once more to say it as well."""


class TalkClosed(Refusal):
    """This conversation ended on %(day)s. What was said stays here to read."""


class TalkNotBegun(Refusal):
    """The buyer has not written here. Only the buyer can begin a conversation with a promoter."""


class FilesNotHere(BadInput):
    """No files are sent where a promoter reads along, since names and addresses in them cannot be hidden."""


class QuickAnswerWrong(BadInput):
    """A quick answer has a title of at most 40 characters and a text of at most %(most)d, in Chinese, in
    English or in both. Nothing was saved."""


class PlaceholderUnknown(BadInput):
    """There is no placeholder %(word)s. There are {order}, {product} and {parcel}. Nothing was saved."""


class QuickAnswersFull(Refusal):
    """There are %(most)d quick answers already. Remove one first."""
