"""A worker process of `boilerplate.workers.pool`: does what it is sent, in order, until its parent has no more or is gone."""

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
"""What a reply begins with: work is done, raised an exception, or ran out of memory."""


def serve() -> None:
    """Take pickles from standard input and reply on standard output: ``(make, work)`` first, then batches."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all; the parent decides
    parent = os.getppid()
    source = sys.stdin.buffer
    replies = os.fdopen(os.dup(1), "wb")
    with contextlib.suppress(OSError):
        os.dup2(2, 1)  # what others print may not get among the replies
    threading.Thread(target=_exit_with_parent, args=(parent,), daemon=True).start()
    try:
        _serve(source, replies)
    except (EOFError, OSError, pickle.UnpicklingError):  # the parent closed the pipe, or died
        pass
    finally:
        os._exit(0)


def _serve(source: IO[bytes], replies: IO[bytes]) -> None:
    state = work = None
    while True:
        reply: tuple[Any, ...]
        try:
            message = pickle.load(source)
            if work is None:
                make, work = message
                state = make()
                gc.freeze()  # what was imported stays: no need to look through it again and again
                reply = DONE, None
            else:
                reply = DONE, work(state, message)
            data = pickle.dumps(reply, pickle.HIGHEST_PROTOCOL)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise
        except MemoryError:
            data = pickle.dumps((MEMORY,))
        except Exception as error:
            data = _failed(error)
        replies.write(data)
        replies.flush()


def _failed(error: Exception) -> bytes:
    trace = traceback.format_exc()
    try:
        data = pickle.dumps((FAILED, error, trace))
        pickle.loads(data)
    except Exception:  # an exception may not pickle, or not come back
        data = pickle.dumps((FAILED, RuntimeError(f"{type(error).__name__}: {error}"), trace))
    return data


def _exit_with_parent(parent: int) -> None:
    """End this process when its parent is gone, even in the middle of a batch."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
