"""Start the carrier sandbox: see the package docstring."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from tongdao.sandboxes.carrier.account import DirectoryBusy, hold_directory, load_account
from tongdao.sandboxes.carrier.app import App
from tongdao.sandboxes.carrier.mover import Mover
from tongdao.sandboxes.carrier.pusher import Pusher
from tongdao.sandboxes.carrier.server import CarrierServer
from tongdao.sandboxes.carrier.store import Store


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tongdao.sandboxes.carrier")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pace", type=float, default=20.0, help="seconds per step; 0: by control only")
    parser.add_argument("--speed", type=float, default=60.0, help="divides the waits between push attempts")
    return parser.parse_args()


def main() -> int:
    """Serve until SIGTERM or SIGINT; 1 when another process holds the directory."""
    args = _arguments()
    args.data.mkdir(parents=True, exist_ok=True)
    try:
        held = hold_directory(args.data)
    except DirectoryBusy as busy:
        print(busy, file=sys.stderr)
        return 1
    app = App(load_account(args.data), Store(args.data / "carrier.sqlite3"), args.pace, args.speed)
    server = CarrierServer((args.host, args.port), app)

    def stop(*_: object) -> None:
        app.stop()
        # shutdown() waits for the serving loop, so it must not run in the thread that serves
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    workers = (Mover(app), Pusher(app))
    for worker in workers:
        worker.start()
    print(f"carrier sandbox ready on http://{args.host}:{server.server_port}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    for worker in workers:
        worker.join(5)
    held.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
