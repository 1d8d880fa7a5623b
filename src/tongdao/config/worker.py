"""What the worker process runs: readers, deliveries and sweeps in threads of their own, jobs in front."""

from __future__ import annotations

import asyncio
import logging
import threading
from datetime import datetime
from typing import Protocol, cast

from django.db import InterfaceError, OperationalError, connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager

from tongdao.compliance.retention.operations import SWEEPS as RETENTION_SWEEPS
from tongdao.crm.insight.levels import sweep_platform_levels
from tongdao.faces.lists.operations import SWEEPS as LISTS_SWEEPS
from tongdao.finance.ledger.operations import sweep_days
from tongdao.foundation import clock
from tongdao.foundation.attachments.forgetting import sweep_attachments
from tongdao.foundation.events.loop import deliveries_loop, readers_loop
from tongdao.foundation.throttling import sweep_throttles
from tongdao.goods.catalog.operations import sweep_licences
from tongdao.goods.editing.operations import sweep_batches
from tongdao.goods.intake.operations import SWEEPS as INTAKE_SWEEPS
from tongdao.party.members.merging import sweep_merges
from tongdao.party.people.codes import sweep_codes
from tongdao.party.people.sessions import sweep_sessions
from tongdao.reach.traffic.visiting import sweep_visitors
from tongdao.rewards.commissions.operations import sweep_release
from tongdao.rewards.planning.grading import sweep_grades
from tongdao.rewards.settlement.operations import sweep_transfers
from tongdao.trade.aftersales.operations import SWEEPS as AFTERSALES_SWEEPS
from tongdao.trade.aftersales.operations import sweep_dissolved_groups
from tongdao.trade.disputes.operations import SWEEPS as DISPUTES_SWEEPS
from tongdao.trade.orders.operations import sweep_confirm
from tongdao.trade.payments.operations import sweep_attempts, sweep_refunds, sweep_unpaid
from tongdao.trade.shipping.operations import SWEEPS as SHIPPING_SWEEPS

log = logging.getLogger(__name__)


class Sweep(Protocol):
    """Does what is due at a moment; returns how much it did."""

    __name__: str

    def __call__(self, now: datetime, /) -> int: ...


SWEEPS: tuple[Sweep, ...] = (
    sweep_unpaid,
    sweep_attempts,
    sweep_dissolved_groups,
    sweep_refunds,
    sweep_confirm,
    sweep_release,
    sweep_transfers,
    sweep_days,
    sweep_licences,
    sweep_merges,
    sweep_batches,
    *AFTERSALES_SWEEPS,
    *DISPUTES_SWEEPS,
    *SHIPPING_SWEEPS,
)
SLOW_SWEEPS: tuple[Sweep, ...] = (  # wait for strangers' servers or only tidy up: they hold up no other
    *INTAKE_SWEEPS,
    *LISTS_SWEEPS,
    *RETENTION_SWEEPS,
    sweep_attachments,
    sweep_grades,
    sweep_throttles,
    sweep_codes,
    sweep_sessions,
    sweep_visitors,
    sweep_platform_levels,
)
PAUSE = 1.0  # seconds between two rounds of sweeps that found nothing
STALLED_AFTER = 30  # seconds without a heartbeat (they come every 10): the worker that had the job is dead
JOB_CHECK = 10.0  # seconds between two looks for stalled jobs


def run(concurrency: int) -> None:
    """Run until SIGTERM or SIGINT; what is under way is finished first."""
    stop = threading.Event()
    loops = [
        threading.Thread(target=loop, args=(stop,), name=loop.__name__)
        for loop in (readers_loop, deliveries_loop, sweeps_loop, slow_sweeps_loop)
    ]
    for thread in loops:
        thread.start()
    try:
        asyncio.run(_work(concurrency))
    finally:
        stop.set()
        for thread in loops:
            thread.join()


def sweeps_loop(stop: threading.Event) -> None:
    """Run all quick sweeps in turn until `stop` is set. Outlives a lost database."""
    _sweep(SWEEPS, stop)


def slow_sweeps_loop(stop: threading.Event) -> None:
    """The same for those that ask the outside world."""
    _sweep(SLOW_SWEEPS, stop)


def _sweep(sweeps: tuple[Sweep, ...], stop: threading.Event) -> None:
    while not stop.is_set():
        busy = sum(_once(sweep) for sweep in sweeps) > 0
        stop.wait(PAUSE / 5 if busy else PAUSE)
    connections.close_all()


def _once(sweep: Sweep) -> int:
    """Run it; whatever it raises ends neither the thread nor the other sweeps."""
    try:
        return sweep(clock.now())
    except (OperationalError, InterfaceError) as error:
        log.warning("the database is away: %s", type(error).__name__)
        connections.close_all()
    except Exception:
        log.exception("the sweep %s failed", sweep.__name__)
    return 0


async def _work(concurrency: int) -> None:
    """Work off jobs, and give back those that a killed worker left as "doing"."""
    connector = cast("DjangoConnector", app.connector).get_worker_connector()
    worker_app = app.with_connector(connector)
    async with worker_app.open_async():
        rescue = asyncio.create_task(_rescue(worker_app))
        try:
            await worker_app.run_worker_async(concurrency=concurrency, delete_jobs="successful")
        finally:
            rescue.cancel()


async def _rescue(worker_app: App) -> None:
    while True:
        try:
            await _give_back(worker_app.job_manager)
        except ConnectorException as error:
            log.warning("the database is away: %s", type(error).__name__)
        await asyncio.sleep(JOB_CHECK)


async def _give_back(manager: JobManager) -> None:
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        log.warning("job %s had stalled: it runs again", job.id)
        await manager.retry_job(job)
