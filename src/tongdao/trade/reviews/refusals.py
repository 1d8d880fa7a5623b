from tongdao.foundation.refusals import BadInput, Refusal


class NotReceivedYet(Refusal):
    """You can review this once you have received it."""


class NothingKept(Refusal):
    """You have returned this or got all the money back for it, so it cannot be reviewed."""


class AlreadyReviewed(Refusal):
    """You have reviewed this already. You can add one follow-up to your review."""


class AlreadyFollowedUp(Refusal):
    """You have added a follow-up already. A review has one."""


class FollowUpTooLate(Refusal):
    """A follow-up can be added within %(days)s days of the review. That time is over."""


class AlreadyAnswered(Refusal):
    """This is answered already. An answer stands as it was given."""


class NothingToAnswer(Refusal):
    """There is no follow-up to answer."""


class ReviewGone(Refusal):
    """This review was taken down by law. Nothing can be done with it any more."""


class StarsMissing(BadInput):
    """Choose one to five stars."""


class WordsMissing(BadInput):
    """Write something, in at most 500 characters."""


class WordsTooLong(BadInput):
    """This is longer than 500 characters. Shorten it a little."""


class TooManyPictures(BadInput):
    """At most 9 pictures go with it. Choose fewer and send it again."""


class PictureUnusable(BadInput):
    """Picture %(number)s cannot be used: it has to be a JPEG, PNG, WebP or GIF of at most 10 MB."""


class AnswerWording(BadInput):
    """This answer has words that advertising may not use: %(words)s. Write it without them."""


class FoldReasonUnknown(BadInput):
    """Choose one of the reasons for folding. A low rating is none."""


class TakeDownReasonUnknown(BadInput):
    """Choose one of the lawful reasons for taking a review down."""
