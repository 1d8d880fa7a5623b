from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from tongdao.config.demo.fill import fill
from tongdao.config.demo.store import STORE


class Command(BaseCommand):
    help = "Make the demo merchant, or bring it up to date. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        env = settings.ENV
        with translation.override("en"):
            fill(STORE, env.data_dir, env.carrier_url, self._say, wechat_url=env.wechat_url)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
