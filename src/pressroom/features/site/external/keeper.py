"""Runs one command in a group of its own and ends with it; a script, started by path with a bare Python.

Its standard input is a pipe that the server holds open. When the server dies, however it dies, the pipe closes and
the keeper kills the group, itself included: no build outlives its server to write beside the next one.
"""

import os
import signal
import subprocess
import sys
import threading

# At 15 the kernel also puts the group's disk traffic in the lowest of its ordinary classes.
_NICENESS = 15
_NOT_FOUND = 127
_OF_SIGNAL = 128


def main(argv: list[str]) -> int:
    """Runs `argv` and returns its exit code, 128 + n when signal n ended it."""
    os.nice(_NICENESS)
    # A handler, not SIG_IGN: children would inherit being deaf, and SIGTERM is how the group is asked to stop.
    signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        child = subprocess.Popen(argv, stdin=subprocess.DEVNULL)  # noqa: S603 - the site's own command is the point
    except OSError as error:
        sys.stderr.write(f"{argv[0]}: {error.strerror}\n")
        return _NOT_FOUND
    threading.Thread(target=_die_with_the_server, daemon=True).start()
    code = child.wait()
    return code if code >= 0 else _OF_SIGNAL - code


def _die_with_the_server() -> None:
    while os.read(0, 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # the thread that watches the pipe must not hold this up
