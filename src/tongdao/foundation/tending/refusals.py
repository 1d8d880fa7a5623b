from tongdao.foundation.refusals import Refusal


class NotReplayable(Refusal):
    """This reader causes things outside, and they must not happen twice. Nothing was replayed."""


class JobMovedOn(Refusal):
    """This job has moved on meanwhile. Nothing was changed; look at it again."""
