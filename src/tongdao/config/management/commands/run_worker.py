from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tongdao.config.worker import run


class Command(BaseCommand):
    help = "Run readers, deliveries, sweeps and jobs until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("worker ready")
        self.stdout.flush()
        run(settings.ENV.worker_concurrency)
