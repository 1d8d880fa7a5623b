from tongdao.foundation.refusals import BadInput, Refusal


class NotDisputable(Refusal):
    """The platform cannot be called now: a buyer can call it after a refusal, a seller before answering."""


class DisputeMoved(Refusal):
    """This dispute has moved on meanwhile. Look at it again."""


class TooEarlyToRule(Refusal):
    """Both sides may still state their case, until the time that stands there."""


class StatementMissing(BadInput):
    """Say it in words of your own, at most %(most)d letters."""


class RulingIncomplete(BadInput):
    """A ruling needs an outcome, the rule it rests on, and for a part of the money how much."""


class SameArbiter(Refusal):
    """You gave the first ruling. Somebody else has to look at the appeal."""


class NotYoursToAppeal(Refusal):
    """The ruling gave you what you asked for, or one appeal was made already."""
