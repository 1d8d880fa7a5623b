"""What operators do to the machinery: readers, intents and jobs. Each deed is kept with its reason."""

from tongdao.foundation.tending.jobs import cancel_job, retry_job
from tongdao.foundation.tending.readers import REPLAY, replay_reader, retry_intent, retry_reader
from tongdao.foundation.tending.refusals import JobMovedOn, NotReplayable

__all__ = [
    "REPLAY",
    "JobMovedOn",
    "NotReplayable",
    "cancel_job",
    "replay_reader",
    "retry_intent",
    "retry_job",
    "retry_reader",
]
