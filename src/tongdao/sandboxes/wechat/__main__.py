"""The process: `python -m tongdao.sandboxes.wechat --host 127.0.0.1 --port N --data DIR`."""

import argparse
import os
import secrets
import signal
import sys
import threading
from pathlib import Path

from tongdao.sandboxes.wechat.sandbox import Sandbox
from tongdao.sandboxes.wechat.server import Server
from tongdao.sandboxes.wechat.store import Store


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tongdao.sandboxes.wechat", description="WeChat sandbox")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="directory for state")
    parser.add_argument("--public-url", default="", help="base URL seen by browsers, if not http://host:port")
    return parser.parse_args(argv)


def _control_token(path: Path) -> str:
    if not path.exists():
        draft = path.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        draft.replace(path)
    return path.read_text(encoding="utf-8").strip()


def _open(data: Path, gateway: str) -> Sandbox:
    """Open or make everything in the data directory."""
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    return Sandbox(Store(data / "sandbox.sqlite3"), gateway, _control_token(data / "control.token"))


def main(argv: list[str] | None = None) -> int:
    """Run the sandbox; 0 after an orderly stop, 1 if the address is taken."""
    asked = _arguments(argv)
    try:
        server = Server((asked.host, asked.port))
    except OSError as error:
        print(f"cannot listen on {asked.host}:{asked.port}: {error}", file=sys.stderr)
        return 1
    gateway = asked.public_url.rstrip("/") or f"http://{asked.host}:{server.server_address[1]}"
    server.sandbox = _open(asked.data, gateway)
    stopping = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: stopping.set())
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    print(f"WeChat sandbox ready at {gateway}", flush=True)
    stopping.wait()
    server.shutdown()
    server.server_close()
    server.sandbox.store.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
