"""`event_schemas [--to FOLDER]`: the JSON Schemas of all events, to stdout or one file each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tongdao.foundation.events.schemas import schemas_text, write_schemas


class Command(BaseCommand):
    help = "Export the JSON Schemas (draft 2020-12) of all events."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=None, help="a folder; without it, to stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["to"]
        if folder is None:
            self.stdout.write(schemas_text(), ending="")
        else:
            self.stdout.write(f"{write_schemas(folder)} schemas written")
