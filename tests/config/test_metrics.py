"""What the queues count can be read over all processes, by who may."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.support.builders import a_request, make_shop
from tongdao.config.env import Env
from tongdao.config.metrics import clear_metrics, metrics_dir, metrics_text
from tongdao.trade.orders.queue import submit
from tongdao.trade.orders.refusals import OutOfStock

WORKER = """
from tongdao.foundation.committing import GroupCommit
queue = GroupCommit("tried", lambda merchant, wishes: [each * 2 for each in wishes])
from uuid import UUID
assert queue.submit(UUID(int=1), 21) == 42
"""


def sample(text: str, name: str) -> float:
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))


@pytest.fixture
def with_token(settings: Any) -> str:
    env: Env = settings.ENV
    settings.ENV = Env(**{**vars(env), "metrics_token": "let-me-look"})
    return "let-me-look"


def test_the_page_is_for_who_knows_the_token(client: Client, with_token: str) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {with_token}"})
    assert answer.status_code == 200
    assert "tongdao_queue_depth" in answer.content.decode()


def test_without_a_token_there_is_no_page(client: Client) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_orders_and_refusals_are_counted() -> None:
    shop = make_shop(stock=1)
    before = metrics_text().decode()
    submit(shop.merchant_id, a_request(shop))
    with pytest.raises(OutOfStock):
        submit(shop.merchant_id, a_request(shop))
    for name, more in (
        ('tongdao_queue_commit_seconds_count{queue="place"}', 2),
        ('tongdao_queue_wait_seconds_count{queue="place"}', 2),
        ('tongdao_queue_refusals_total{code="out_of_stock",queue="place"}', 1),
    ):
        deadline = time.monotonic() + 30  # counted after the answer is given
        while sample(metrics_text().decode(), name) < sample(before, name) + more:
            assert time.monotonic() < deadline, name
            time.sleep(0.01)
        assert sample(metrics_text().decode(), name) == sample(before, name) + more, name


def test_processes_are_added_up_and_a_start_begins_at_zero(tmp_path: Path) -> None:
    environ = dict(os.environ) | {"PROMETHEUS_MULTIPROC_DIR": str(metrics_dir(tmp_path))}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", WORKER], env=environ, check=True)
    read = "from tongdao.config.metrics import metrics_text; print(metrics_text().decode())"
    run = [sys.executable, "-c", f"import django; django.setup(); {read}"]
    told = subprocess.run(run, env=environ, check=True, capture_output=True, text=True).stdout
    assert sample(told, 'tongdao_queue_wait_seconds_count{queue="tried"}') == 2
    assert sample(told, 'tongdao_queue_depth{queue="tried"}') == 0
    clear_metrics(tmp_path)
    assert list(metrics_dir(tmp_path).iterdir()) == []
