"""`python3 -m tests`: prepares a fresh checkout with the packages for development, then runs the whole suite.

Arguments go to pytest. Without any, every test runs, on two processes. Where `CI` is set the coverage of `bot` is
measured and decides, too; elsewhere that would only make everybody wait half as long again.
"""

import os
import sys
from collections.abc import Mapping, Sequence

from bot.prepare import CHECKOUT, TESTS, prepare, replace_process

SMOKE = "tests/test_smoke.py"
INNER = "IMH_TESTS_INNER"
"""Set by the test that runs this command from the README: one module then, or the suite would run itself for ever."""
LEAST_COVERAGE_PERCENT = 95


def pytest_arguments(given: Sequence[str], env: Mapping[str, str]) -> list[str]:
    """What pytest is told."""
    if env.get(INNER):
        return [SMOKE, "-p", "no:cacheprovider"]
    if given:
        return list(given)
    measured = ["--cov=bot", "--cov-report=term:skip-covered", f"--cov-fail-under={LEAST_COVERAGE_PERCENT}"]
    return ["-n", "2", *(measured if env.get("CI") else ())]


if __name__ == "__main__":
    prepare(TESTS)
    os.chdir(CHECKOUT)
    command = [sys.executable, "-m", "pytest", *pytest_arguments(sys.argv[1:], os.environ)]
    replace_process(sys.executable, command, os.environ)
