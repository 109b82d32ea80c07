"""The code that a worker process runs: it does batches in order until its parent has no more, or is gone."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from typing import IO, Any

DONE, FAILED, MEMORY = "done", "failed", "memory"
"""First element of a reply: the work is done, raised an exception, or ran out of memory."""


def serve() -> None:
    """Read pickles from standard input, ``(make, work)`` first and then batches, and write replies to standard output.

    Ignores Ctrl-C, and exits with the parent process.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all; the parent decides
    parent = os.getppid()
    requests = sys.stdin.buffer
    replies = os.fdopen(os.dup(1), "wb")
    with contextlib.suppress(OSError):
        os.dup2(2, 1)  # what other code prints must not get among the replies
    threading.Thread(target=_exit_with_parent, args=(parent,), daemon=True).start()
    try:
        _serve(requests, replies)
    except (EOFError, OSError, pickle.UnpicklingError):  # the parent closed the pipe, or died
        pass
    finally:
        os._exit(0)


def _serve(requests: IO[bytes], replies: IO[bytes]) -> None:
    state = work = None
    while True:
        reply: tuple[Any, ...]
        try:
            request = pickle.load(requests)
            if work is None:
                make, work = request
                state = make()
                gc.freeze()  # imported modules stay: no need to scan them at every collection
                reply = DONE, None
            else:
                reply = DONE, work(state, request)
            data = pickle.dumps(reply, pickle.HIGHEST_PROTOCOL)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise
        except MemoryError:
            data = pickle.dumps((MEMORY,))
        except Exception as error:
            data = _pickle_error(error)
        replies.write(data)
        replies.flush()


def _pickle_error(error: Exception) -> bytes:
    trace = traceback.format_exc()
    try:
        data = pickle.dumps((FAILED, error, trace))
        pickle.loads(data)
    except Exception:  # some exceptions cannot be pickled, or not be unpickled
        data = pickle.dumps((FAILED, RuntimeError(f"{type(error).__name__}: {error}"), trace))
    return data


def _exit_with_parent(parent: int) -> None:
    """Exit when the parent process is gone, even in the middle of a batch."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
