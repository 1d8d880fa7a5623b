"""Where the kit's files are."""

from __future__ import annotations

from pathlib import Path

import tongdao.faces.kit as kit

KIT = Path(kit.__file__).parent
CSS = (KIT / "static/kit/tongdao.css").read_text()
