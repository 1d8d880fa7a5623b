"""Does what has become due: settles refunds and transfers, and sends notifications.

All it knows is in the store, so that it goes on after kill -9 where it was; a notification whose answer was
not written down is sent again.
"""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

from tongdao.sandboxes.wechatpay import delivery, refunds, transfers
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.times import now

_LONGEST_SLEEP = 30.0
_NEXT = """select min(at) as at from (
  select next_at as at from notifications where state in ('pending', 'held')
  union all select due_at from refunds where status = 'PROCESSING'
  union all select due_at from transfers where state not in ('SUCCESS', 'FAIL', 'CANCELLED'))"""
_DUE = "select id from notifications where state in ('pending', 'held') and next_at <= ? order by next_at"


class Dispatcher:
    """One thread that looks, a few that send; a notification is never being sent twice at once."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._stopping = False
        self._lock = threading.Lock()
        self._flying: dict[str, Future[str]] = {}
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="notify")
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)

    def start(self) -> None:
        """Begin; at once with what was left over."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it still looks."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Finish what is being sent, leave the rest to the next start."""
        self._stopping = True
        self._sandbox.bell.set()
        self._thread.join()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        while not self._stopping:
            self._sandbox.bell.clear()
            refunds.settle_due(self._sandbox)
            transfers.settle_due(self._sandbox)
            for row in self._sandbox.store.all(_DUE, now()):
                self.send(row["id"])
            self._sandbox.bell.wait(self._nap())

    def _nap(self) -> float:
        with self._lock:
            busy = bool(self._flying)
        row = self._sandbox.store.one(_NEXT)
        at = None if row is None else row["at"]
        wait = _LONGEST_SLEEP if at is None else at - now()
        return min(_LONGEST_SLEEP, max(0.05 if busy else 0.0, wait))

    def send(self, notice_id: str) -> Future[str]:
        """Send one notification now, or join the attempt that is under way; its result is the new state."""
        with self._lock:
            future = self._flying.get(notice_id)
            if future is None:
                future = self._pool.submit(self._attempt, notice_id)
                self._flying[notice_id] = future
        return future

    def _attempt(self, notice_id: str) -> str:
        try:
            return delivery.attempt(self._sandbox, notice_id)
        finally:
            with self._lock:
                self._flying.pop(notice_id, None)
            self._sandbox.bell.set()

    def flush(self, out_trade_no: str | None = None) -> list[dict[str, str]]:
        """Settle and send all that is open (of one order, if given) now, whatever the clock says.

        Held ones go last; answers an id and a state for each attempt.
        """
        sandbox, only = self._sandbox, (out_trade_no, out_trade_no)
        where = "(? is null or out_trade_no = ?)"
        sql = f"select * from refunds where status = 'PROCESSING' and {where}"  # noqa: S608 (constant)
        for refund in sandbox.store.all(sql, *only):
            refunds.settle(sandbox, refund, refund["outcome"])
        sql = f"select id, copies from notifications where state in ('pending', 'held') and {where}"  # noqa: S608
        open_ones = sandbox.store.all(f"{sql} order by state = 'held', created_at", *only)
        sends = [
            (row["id"], self.send(row["id"]).result()) for row in open_ones for _ in range(row["copies"])
        ]
        return [{"id": notice_id, "state": state} for notice_id, state in sends]
