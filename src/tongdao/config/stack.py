"""What Tongdao consists of at run time: the programs, in the order in which they start."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from tongdao.config.children import Program
from tongdao.config.env import Env
from tongdao.config.metrics import VARIABLE, metrics_dir

PORTS_TRIED = 200


class NoFreePort(Exception):
    """No port is free near the one that was asked for."""


def settle_ports(env: Env, environ: Mapping[str, str]) -> Env:
    """The environment with ports that are free now, and with the addresses that follow from them.

    An address that was set explicitly stays. Raises NoFreePort.
    """
    port = free_port(env.host, env.port)
    env = replace(env, port=port)
    own = urlsplit(env.base_url).hostname or env.host
    if not environ.get("TONGDAO_BASE_URL"):
        env = replace(env, base_url=f"http://{own}:{port}")
    if env.sandboxes and not environ.get("TONGDAO_WECHATPAY_URL"):
        port = free_port(env.host, port + 1)
        env = replace(env, wechatpay_url=f"http://{_near(env.host)}:{port}")
    if env.sandboxes and not environ.get("TONGDAO_CARRIER_URL"):
        port = free_port(env.host, port + 1)
        env = replace(env, carrier_url=f"http://{_near(env.host)}:{port}")
    if env.sandboxes and not environ.get("TONGDAO_WECHAT_URL"):
        port = free_port(env.host, port + 1)
        env = replace(env, wechat_url=f"http://{_near(env.host)}:{port}")
    return env


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or the next one that nobody listens on."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise NoFreePort(f"No free port from {wanted} to {wanted + PORTS_TRIED}. Set TONGDAO_PORT.")


def environment(env: Env) -> dict[str, str]:
    """What the programs get: ours, with what was settled written out."""
    return dict(os.environ) | {
        "DJANGO_SETTINGS_MODULE": "tongdao.config.settings",
        "PYTHONUNBUFFERED": "1",
        VARIABLE: str(metrics_dir(env.data_dir)),
        "TONGDAO_BASE_URL": env.base_url,
        "TONGDAO_CARRIER_URL": env.carrier_url,
        "TONGDAO_DATA": str(env.data_dir),
        "TONGDAO_PORT": str(env.port),
        "TONGDAO_SECRETS_FILE": str(env.secrets_file),
        "TONGDAO_WECHAT_URL": env.wechat_url,
        "TONGDAO_WECHATPAY_URL": env.wechatpay_url,
    }


def manage(env: Env, name: str, *arguments: str) -> Program:
    """One of Django's commands, as a program of its own; `name` is also its log's."""
    return Program(name, (sys.executable, "-m", "tongdao", "manage", *arguments), environment(env))


def programs(env: Env, environ: Mapping[str, str]) -> list[Program]:
    """Sandboxes, worker, web: each may need those before it."""
    found = sandboxes(env, environ) if env.sandboxes else []
    return [*found, worker(env), web(env)]


def web(env: Env) -> Program:
    return Program(
        "web", web_argv(env), environment(env), health=f"http://{_near(env.host)}:{env.port}/healthz"
    )


def web_argv(env: Env) -> tuple[str, ...]:
    options = {
        "interface": "wsgi",
        "host": env.host,
        "port": env.port,
        "workers": env.web_workers,
        "blocking-threads": env.web_threads,
        "workers-kill-timeout": 10,
        "respawn-interval": 1,
        "log-level": "warning",
    }
    pairs = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    application = "tongdao.config.wsgi:application"
    return (sys.executable, "-m", "granian", *pairs, "--no-ws", "--respawn-failed-workers", application)


def worker(env: Env) -> Program:
    return replace(manage(env, "worker", "run_worker"), stop_seconds=30.0)


def sandboxes(env: Env, environ: Mapping[str, str]) -> list[Program]:
    """The payment, the carrier and the WeChat sandbox, each unless another gateway was named for it."""
    found = []
    for name, url, options in (
        ("wechatpay", env.wechatpay_url, ()),
        ("carrier", env.carrier_url, ("--pace", env.carrier_pace)),
        ("wechat", env.wechat_url, ()),
    ):
        if environ.get(f"TONGDAO_{name.upper()}_URL"):
            continue
        port = str(urlsplit(url).port)
        data = str(env.data_dir / "sandboxes" / name)
        argv = (
            sys.executable,
            "-m",
            f"tongdao.sandboxes.{name}",
            "--host",
            env.host,
            "--port",
            port,
            "--data",
            data,
        )
        found.append(Program(name, (*argv, *options), environment(env), health=f"{_near(env.host)}:{port}"))
    return found


def _near(host: str) -> str:
    """The address under which this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 (compared, not bound)
