from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tongdao.config.metrics import VARIABLE, metrics_dir, metrics_text


class Command(BaseCommand):
    help = "Print what the running processes count: depth of the queues, batches, waits, refusals."

    def handle(self, *args: Any, **options: Any) -> None:
        os.environ[VARIABLE] = str(metrics_dir(settings.TONGDAO_DATA))
        self.stdout.write(metrics_text().decode())
