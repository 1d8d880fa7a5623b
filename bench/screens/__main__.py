"""`python -m bench.screens`: makes the worlds, looks at every page, writes build/screens/index.html."""

from __future__ import annotations

import argparse
import fnmatch
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from bench.session import session
from bench.stack import Missing, say

ORDERS = 100_000


def main() -> int:
    options = _options()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    try:
        with session(options.data, orders=options.orders) as found:
            from bench.screens.worlds import make_worlds

            worlds = {world.name: world for world in make_worlds(found)}
            shots = list(_look(options, found.stack.base_url, worlds, out))
    except Missing as error:
        sys.stderr.write(f"\nNothing was looked at. {error}\n")
        return 1
    return _tell(out, shots)


def _look(options: argparse.Namespace, base: str, worlds: dict, out: Path) -> Iterator:  # type: ignore[type-arg]
    """Errors last: they are the only ones that send anything."""
    from bench.screens.camera import LOOKS, STATES, browser_at, take
    from bench.screens.places import places

    wanted = [place for place in places() if fnmatch.fnmatch(place.name, options.only)]
    states = sorted((s for s in STATES if s in options.states.split(",")), key=lambda s: s == "error")
    looks = [look for look in LOOKS if fnmatch.fnmatch(look.name, options.looks)]
    with browser_at(_chromium()) as browser:
        for state in states:
            world = worlds["full" if state in ("loading", "error") else state]
            for look in looks:
                for face in dict.fromkeys(place.face for place in wanted):
                    mine = [place for place in wanted if place.face == face]
                    yield from take(browser, base, world, state, look, face, mine, out)
                say(f"  {state} {look.name}")


def _tell(out: Path, shots: list) -> int:  # type: ignore[type-arg]
    from bench.screens.sheet import is_bad, write_overviews, write_sheet

    (out / "shots.json").write_text(
        json.dumps([asdict(shot) for shot in shots], indent=1, ensure_ascii=False)
    )
    write_overviews(out, shots)
    bad = [shot for shot in shots if is_bad(shot)]
    for shot in bad:
        wide = ", too wide" if shot.wide else ""
        say(f"  look at {shot.file}: status {shot.status}{wide} {' '.join(shot.said)[:160]}")
    say(f"{len(shots)} pictures, {len(bad)} of them to be looked at first: {write_sheet(out, shots)}")
    return 0


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise Missing("Chromium is not installed. On Debian: apt-get install chromium fonts-noto-cjk")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/screens"))
    parser.add_argument("--data", type=Path, help="keep the data here, and go on with them")
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--only", default="*", help="names of pages, such as 'shop:*'")
    parser.add_argument("--states", default="full,empty,loading,error,huge")
    parser.add_argument("--looks", default="*", help="such as 'zh-light-*'")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
