"""The process: `python -m tongdao.sandboxes.wechatpay --host 127.0.0.1 --port N --data DIR`."""

import argparse
import secrets
import signal
import sys
import threading
from pathlib import Path

from tongdao.sandboxes.wechatpay import identity, merchants
from tongdao.sandboxes.wechatpay.control import Controls
from tongdao.sandboxes.wechatpay.dispatcher import Dispatcher
from tongdao.sandboxes.wechatpay.sandbox import Sandbox
from tongdao.sandboxes.wechatpay.server import Server
from tongdao.sandboxes.wechatpay.store import Store

_DRAIN_SECONDS = 5.0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tongdao.sandboxes.wechatpay", description="WeChat Pay sandbox")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="directory for keys and state")
    parser.add_argument("--public-url", default="", help="base URL seen by payers, if not http://host:port")
    parser.add_argument("--speed", type=float, help="divides the notification schedule (kept)")
    return parser.parse_args(argv)


def _control_token(path: Path) -> str:
    if not path.exists():
        merchants.write_private(path, secrets.token_urlsafe(32))
    return path.read_text(encoding="utf-8").strip()


def _open(data: Path, gateway: str, speed: float | None) -> Sandbox:
    """Open or make everything in the data directory."""
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    store = Store(data / "sandbox.sqlite3")
    if speed is not None:
        store.remember("speed", str(speed))
    sandbox = Sandbox(store, identity.load(store), gateway, _control_token(data / "control.token"))
    merchants.write_demo_papers(data / "merchant.json", store, sandbox.platform, gateway)
    return sandbox


def _run(server: Server, sandbox: Sandbox, gateway: str) -> None:
    """Serve until asked to stop, then finish what was begun."""
    stopping = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: stopping.set())
    dispatcher = Dispatcher(sandbox)
    server.controls = Controls(sandbox, dispatcher)
    dispatcher.start()
    serving = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    serving.start()
    print(f"WeChat Pay sandbox ready at {gateway}", flush=True)
    stopping.wait()
    server.shutdown()
    server.drain(_DRAIN_SECONDS)
    dispatcher.stop()
    server.server_close()
    sandbox.store.close()


def main(argv: list[str] | None = None) -> int:
    """Run the sandbox; 0 after an orderly stop, 1 if the address is taken."""
    asked = _arguments(argv)
    try:
        server = Server((asked.host, asked.port))
    except OSError as error:
        print(f"cannot listen on {asked.host}:{asked.port}: {error}", file=sys.stderr)
        return 1
    gateway = asked.public_url.rstrip("/") or f"http://{asked.host}:{server.server_address[1]}"
    _run(server, _open(asked.data, gateway, asked.speed), gateway)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
