"""The table of docs/configuration.md, from the code: `python -m tongdao.config.settings_table` prints it."""

from __future__ import annotations

import sys

from tongdao.config.env import VARIABLES


def configuration_table() -> str:
    """Markdown; a test holds the page to it."""
    rows = (
        f"| `{row.name}` | {f'`{row.default}`' if row.default else ''} | {row.meaning} |\n"
        for row in VARIABLES
    )
    return "| variable | default | meaning |\n|---|---|---|\n" + "".join(rows)


if __name__ == "__main__":
    sys.stdout.write(configuration_table())
