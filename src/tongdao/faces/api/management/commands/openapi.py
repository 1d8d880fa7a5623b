from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from ninja.responses import NinjaJSONEncoder

from tongdao.faces.api.api import api


class Command(BaseCommand):
    """Write the description of the API."""

    help = "Write the OpenAPI description of the API as JSON, to a file or to the terminal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="where to; the terminal without it")

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        text = json.dumps(api.get_openapi_schema(), cls=NinjaJSONEncoder, indent=2, ensure_ascii=False)
        if file is None:
            sys.stdout.write(text + "\n")
        else:
            file.write_text(text + "\n", encoding="utf-8")
