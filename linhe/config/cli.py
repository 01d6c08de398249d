"""``linhe``: one command line over Django's commands."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import nullcontext
from difflib import get_close_matches
from importlib.metadata import version

OWN = "linhe.config"
WITHOUT_DATABASE = {"check", "collectstatic", "diffsettings", "help", "makemessages", "version"}


def main(argv: list[str] | None = None) -> None:
    """Run one command; a mistake is one line on stderr and exit code 2."""
    arguments = list(sys.argv if argv is None else argv)
    arguments[0] = "linhe"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linhe.config.settings")

    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - after the settings are named

    from linhe.config.environment import BadEnvironment  # noqa: PLC0415 - likewise

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # leave orderly, so that nothing is left running
    try:
        _dispatch(arguments)
    except (BadEnvironment, ImproperlyConfigured, PermissionError) as error:
        _stop(" ".join(str(error).split()), 2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _dispatch(arguments: list[str]) -> None:
    import django  # noqa: PLC0415 - after the settings are named
    from django.core.management import get_commands, load_command_class  # noqa: PLC0415 - likewise

    django.setup()
    commands = get_commands()
    own = sorted(name for name, app in commands.items() if app == OWN)
    if len(arguments) == 1 or arguments[1] in {"--help", "-h", "help"}:
        if len(arguments) > 2 and arguments[2] in commands:
            arguments = ["linhe", arguments[2], "--help"]
        else:
            print("usage: linhe COMMAND [OPTIONS]\n")
            for name in own:
                print(f"  {name:10} {load_command_class(OWN, name).help}")
            print("\nDjango's commands work too: migrate, check, shell, makemigrations ...")
            sys.exit(0)
    name = arguments[1]
    if name in {"--version", "version"}:
        print(f"linhe {version('linhe')}")
        sys.exit(0)
    if name not in commands:
        near = get_close_matches(name, commands, n=1)
        _stop(f"unknown command {name!r}" + (f", did you mean {near[0]!r}?" if near else "") + " (see linhe --help)", 2)
    if commands[name] == OWN:
        load_command_class(OWN, name).run_from_argv(arguments)
    else:
        _django_command(arguments)


def _django_command(arguments: list[str]) -> None:
    from django.core.management import ManagementUtility  # noqa: PLC0415 - after the settings are named
    from django.core.management.base import CommandError  # noqa: PLC0415 - likewise

    from linhe.config.command import database_ready  # noqa: PLC0415 - likewise

    name = arguments[1]
    offline = name in WITHOUT_DATABASE or {"-h", "--help"} & set(arguments[2:])
    try:
        with nullcontext() if offline else database_ready(migrated=False):
            ManagementUtility(arguments).execute()
    except CommandError as error:
        _stop(f"{name}: {error}", error.returncode)


def _stop(message: str, code: int) -> None:
    print(f"linhe: {message}", file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
