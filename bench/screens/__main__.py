"""`python -m bench.screens`: makes the worlds, looks at every page, writes build/screens/index.html."""

from __future__ import annotations

import argparse
import fnmatch
import json
import shutil
import sys
from dataclasses import asdict
from itertools import product
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from bench.session import session
from bench.stack import Missing, say

if TYPE_CHECKING:
    from bench.screens.camera import Shot
    from bench.screens.worlds import World

ORDERS = 100_000


def main() -> int:
    options = _options()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    try:
        with session(options.data, orders=options.orders) as found:
            from bench.screens.worlds import make_worlds

            worlds = {world.name: world for world in make_worlds(found)}
            shots, unseen = _look(options, found.stack.base_url, worlds)
    except Missing as error:
        sys.stderr.write(f"\nNothing was looked at. {error}\n")
        return 1
    return _tell(out, shots, unseen)


def _look(options: argparse.Namespace, base: str, worlds: dict[str, World]) -> tuple[list[Shot], list[str]]:
    """What was taken, and the names of pages of which nothing was. Errors last: only they send anything."""
    from bench.screens.camera import LOOKS, STATES, Shot, browser_at, take
    from bench.screens.places import places

    out: Path = options.out
    wanted = [place for place in places() if fnmatch.fnmatch(place.name, options.only)]
    states = sorted((s for s in STATES if s in options.states.split(",")), key=lambda s: s == "error")
    looks = [look for look in LOOKS if fnmatch.fnmatch(look.name, options.looks)]
    faces = dict.fromkeys(place.face for place in wanted)
    shots: list[Shot] = []
    with browser_at(_chromium()) as browser:
        for state, look, face in product(states, looks, faces):
            kept = out / face / f"{state}-{look.name}.json"
            if not (options.resume and kept.exists()):
                world = worlds["full" if state in ("loading", "error") else state]
                mine = [place for place in wanted if place.face == face]
                began = monotonic()
                taken = list(take(browser, base, world, state, look, face, mine, out))
                kept.write_text(json.dumps([asdict(shot) for shot in taken], indent=1, ensure_ascii=False))
                say(f"  {face} {state} {look.name}: {len(taken)} in {monotonic() - began:.0f} s")
            shots += [Shot(**each) for each in json.loads(kept.read_text())]
    seen = {shot.place for shot in shots}
    return shots, [place.name for place in wanted if place.name not in seen]


def _tell(out: Path, shots: list[Shot], unseen: list[str]) -> int:
    from bench.screens.sheet import is_bad, write_overviews, write_sheet

    write_overviews(out, shots)
    say(f"  {len(unseen)} addresses without a picture (they only take forms, or nothing is there): {unseen}")
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
    parser.add_argument("--resume", action="store_true", help="keep what is in --out, take what is missing")
    parser.add_argument("--looks", default="*", help="such as 'zh-light-*'")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
