"""Times of the protocol: epoch seconds inside, RFC 3339 in Beijing time outside."""

import time
from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def now() -> float:
    """Seconds since the epoch."""
    return time.time()


def rfc3339(seconds: float) -> str:
    """`2018-06-08T10:34:56+08:00`, as WeChat Pay writes times."""
    return datetime.fromtimestamp(int(seconds), BEIJING).isoformat()


def parse_rfc3339(text: str) -> float:
    """Epoch seconds of an RFC 3339 time with a zone; ValueError otherwise."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or "T" not in text:
        raise ValueError(text)
    return moment.timestamp()


def stamp(seconds: float) -> str:
    """`20180608103456`, the way times appear inside WeChat's numbers."""
    return datetime.fromtimestamp(int(seconds), BEIJING).strftime("%Y%m%d%H%M%S")
