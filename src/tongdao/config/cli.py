"""The command `tongdao`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import psycopg

from tongdao import __version__
from tongdao.config.embedded import DatabaseDown
from tongdao.config.env import BadSetting, load_env
from tongdao.config.place import NoPlace
from tongdao.config.roles import DatabaseNotPrepared
from tongdao.config.runfile import AlreadyRunning
from tongdao.config.secrets import BadSecrets
from tongdao.config.stack import NoFreePort, environment, web_argv
from tongdao.config.supervisor import NotReady

# What a person can mend: shown as a sentence. Anything else is a defect and shows its traceback.
EXPLAINED = (
    AlreadyRunning,
    BadSecrets,
    BadSetting,
    DatabaseDown,
    DatabaseNotPrepared,
    NoFreePort,
    NoPlace,
    NotReady,
    psycopg.OperationalError,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 refused or failed (the reason is on stderr), 2 wrong usage."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdao.config.settings")
    try:
        if arguments[:1] == ["manage"]:
            return _manage(arguments[1:])
        if arguments[:1] == ["import-products"]:
            return _with_database("import_products", arguments[1:])
        if arguments[:1] == ["ledger"] and arguments[1:2] in (["verify"], ["export"]):
            return _with_database(f"ledger_{arguments[1]}", arguments[2:])
        return _run(_parser().parse_args(arguments))
    except EXPLAINED as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tongdao",
        description="Commerce in which a merchant, its channel partners and its promoters walk one path.",
        epilog="Settings come from the environment; TONGDAO_DATA names the data directory (./tongdao-data).",
    )
    parser.add_argument("--version", action="version", version=f"tongdao {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    start = commands.add_parser("up", help="start database, web, worker and sandboxes until Ctrl-C")
    start.add_argument("--quiet", action="store_true", help="keep the programs' output to the log files")
    demo = commands.add_parser("demo", help="the same with a demo merchant")
    demo.add_argument("--verbose", action="store_true", help="show the programs' output")
    doctor = commands.add_parser("doctor", help="check this installation and say what to do")
    doctor.add_argument("--json", action="store_true", help="the findings for a program")
    commands.add_parser("import-products", help="read products from a CSV file; --help shows its options")
    ledger = commands.add_parser("ledger", help="check the books, or write them for accountants")
    ledger.add_argument("what", choices=("verify", "export"), help="with --help, its options")
    commands.add_parser("manage", help="Django's commands, such as `tongdao manage shell`")
    commands.add_parser("web", help="only the web server")
    commands.add_parser("worker", help="only the worker")
    return parser


def _run(options: argparse.Namespace) -> int:
    if options.command in ("up", "demo"):
        from tongdao.config.up import up

        demo = options.command == "demo"
        return up(demo=demo, echo=options.verbose if demo else not options.quiet)
    if options.command == "doctor":
        from tongdao.config.doctor import doctor

        return doctor(as_json=options.json)
    if options.command == "web":
        env = load_env()
        argv = web_argv(env)
        os.execve(argv[0], argv, environment(env))  # noqa: S606 (we become the web server)
    return _manage(["run_worker"])


def _manage(arguments: list[str]) -> int:
    """Django's own command line, with all its options."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tongdao manage", *arguments])
    return 0


def _with_database(command: str, arguments: list[str]) -> int:
    """The embedded database is started for as long as the command takes, if it does not run already."""
    if {"-h", "--help"} & set(arguments):
        return _manage([command, *arguments])
    from tongdao.config.up import database_running

    with database_running(load_env()):
        return _manage([command, *arguments])
