"""Runs one server and never outlives whoever started it.

Started as the leader of a process group of its own, with a pipe from the starter on standard input. When that
pipe closes, which the kernel does for us however the starter ends (kill -9 included), the server and everything it
started are ended and the folder named by --remove is deleted. Usage: supervise.py --remove DIR -- command args...
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

GRACE_SECONDS = 2.0


def main() -> None:
    split = sys.argv.index("--")
    folder = sys.argv[sys.argv.index("--remove") + 1]
    server = subprocess.Popen(sys.argv[split + 1 :], stdin=subprocess.DEVNULL)

    def end(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        server.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while server.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        shutil.rmtree(folder, ignore_errors=True)
        os.killpg(0, signal.SIGKILL)

    def wait_for_starter() -> None:
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    threading.Thread(target=wait_for_starter, daemon=True).start()
    # Short waits: a signal handler in Python runs between two of them.
    while True:
        try:
            code = server.wait(timeout=0.2)
            break
        except subprocess.TimeoutExpired:
            continue
    # The server ended by itself: take its workers along, then pass its exit code on.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(code if code >= 0 else 128 - code)


main()
