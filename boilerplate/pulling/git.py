"""A repository that files are taken out of, with the program git; nothing of it is checked out or run."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from boilerplate.errors import BoilerplateError
from boilerplate.pulling.label_files import Origin
from boilerplate.reading import MAX_BYTES

TIMEOUT = 3600
"""Seconds that one command of git may take; a connection that has gone quiet is given up after a minute."""

HOST = "https://github.com/{repository}.git"
"""Where repositories are, if nothing else is said."""

_FULL = 40  # digits of a commit's name
_REFS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
_CHUNK = 200  # paths an invocation: Windows has 32 KB for a command's arguments
_BLOB = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "credential.helper": "",
    "fetch.negotiationAlgorithm": "noop",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "http.lowSpeedLimit": "100",
    "http.lowSpeedTime": "60",
    "init.templateDir": "",
    "maintenance.auto": "false",
}


class GitError(BoilerplateError, RuntimeError):
    """What git said when something failed."""


def address_of(repository: str, template: str = HOST) -> str:
    """Return the address of a repository.

    Parameters
    ----------
    template
        An address of https or http, or an absolute path (or ``file://``), with ``{repository}`` in it.

    Raises
    ------
    ValueError
        If the template is none of these: git knows addresses that run programs.
    """
    if not (re.match(r"(?:https?|file)://[^-]", template) or os.path.isabs(template)):
        raise ValueError(f"{template}: neither an address of https nor an absolute path")
    if "{repository}" not in template:
        raise ValueError(f"{template}: holds no {{repository}}")
    return template.replace("{repository}", repository)


class Repository:
    """A repository at an address, of which as little is fetched as possible, to a bare one in an empty folder.

    Raises
    ------
    GitError
        If git is not there, or cannot work in the folder.
    """

    def __init__(self, address: str, folder: Path) -> None:
        self._folder = folder
        self._protocols = "http:https" if re.match("https?://", address) else "file"
        self._git("init", "--quiet", "--bare", str(folder), inside=False)
        for name, value in (
            ("remote.origin.url", address),
            ("remote.origin.promisor", "true"),
            ("remote.origin.partialCloneFilter", "blob:none"),
        ):
            self._git("config", "--", name, value)
        self.problems: dict[Origin, str] = {}
        self._has_history = False

    def find(self, origins: Sequence[Origin]) -> dict[Origin, list[str]]:
        """Return the names (hashes) of the blobs that may be each of these files.

        Those of the commit where it can be fetched by itself; else those of
        all versions that the file has in the history of branches and tags,
        the newest first. Why there are none, `problems` says.
        """
        found: dict[Origin, list[str]] = {}
        for commit in sorted({origin.commit for origin in origins}):
            wanted = [origin for origin in origins if origin.commit == commit]
            paths = [origin.path for origin in wanted]
            blobs = self._at_commit(commit, paths) if len(commit) == _FULL else None
            try:
                gone = f"commit {commit[:12]} is gone, and no other has {{path}}" if commit else "no commit has {path}"
                problem = "commit {commit} has no {path}" if blobs is not None else gone
                if blobs is None:
                    blobs = self._in_history(paths)
            except GitError as error:
                problem = f"does not open: {error}".replace("{", "(").replace("}", ")")
            for origin in wanted:
                found[origin] = (blobs or {}).get(origin.path, [])
                if not found[origin]:
                    self.problems[origin] = problem.format(path=origin.path, commit=commit[:12])
        return found

    def read(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield blobs and their contents; those that are missing or larger than a page can be are left out."""
        names = sorted(set(blobs))
        if not names:
            return
        with suppress(GitError):  # then they are fetched one by one as they are read
            self._fetch("--filter=blob:none", "--stdin", stdin="".join(f"{name}\n" for name in names).encode())
        for name in names:
            try:
                if int(self._git("cat-file", "-s", name)) <= MAX_BYTES:
                    yield name, self._git("cat-file", "blob", name)
            except (GitError, ValueError):
                continue

    def _at_commit(self, commit: str, paths: Sequence[str]) -> dict[str, list[str]] | None:
        """List files of a commit; None if the commit cannot be fetched."""
        try:
            self._fetch("--depth=1", "--filter=blob:none", "origin", commit)
            found: dict[str, list[str]] = {}
            for chunk in _chunks(paths):
                for line in self._git("ls-tree", "-z", "--full-tree", commit, "--", *chunk).split(b"\0"):
                    about, _, path = line.partition(b"\t")
                    if about[:4] == b"1006" or about[:4] == b"1007":  # files, and no links or submodules
                        found[os.fsdecode(path)] = [about.split()[2].decode("ascii")]
            return found
        except GitError:
            return None

    def _in_history(self, paths: Sequence[str]) -> dict[str, list[str]]:
        """List all versions of files, the newest first."""
        if not self._has_history:
            self._fetch("--filter=blob:none", *self._unshallow(), "origin", *_REFS)
            self._has_history = True
        found: dict[str, list[str]] = {}
        log = ("log", "--all", "-m", "--raw", "-z", "--no-abbrev", "--no-renames", "--format=", "--diff-filter=AM")
        for chunk in _chunks(paths):
            parts = iter(self._git(*log, "--", *chunk).split(b"\0"))
            for about in parts:
                fields = about.strip().split()
                path = os.fsdecode(next(parts, b""))
                if len(fields) == 5 and fields[1].startswith(b"100"):
                    blobs = found.setdefault(path, [])
                    if (blob := fields[3].decode("ascii")) not in blobs and _BLOB.fullmatch(blob):
                        blobs.append(blob)
        return found

    def _unshallow(self) -> list[str]:
        return ["--unshallow"] if (self._folder / "shallow").exists() else []

    def _fetch(self, *arguments: str, stdin: bytes = b"") -> None:
        remote = ["origin"] if "origin" not in arguments else []
        self._git("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", *arguments, *remote, stdin=stdin)

    def _git(self, *arguments: str, stdin: bytes = b"", inside: bool = True) -> bytes:
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        where = [f"--git-dir={self._folder}"] if inside else []
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {
            "GIT_ALLOW_PROTOCOL": self._protocols,
            "GIT_ASKPASS": "",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_LITERAL_PATHSPECS": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
            "SSH_ASKPASS": "",
        }
        command = ["git", *settings, *where, *arguments]
        try:
            done = subprocess.run(
                command, env=environment, input=stdin, capture_output=True, timeout=TIMEOUT, check=False
            )
        except FileNotFoundError as error:
            raise GitError("the program git is not there: install it") from error
        except subprocess.TimeoutExpired as error:
            raise GitError(f"git took longer than {TIMEOUT} s") from error
        if done.returncode:
            raise GitError(_reason(done.stderr))
        return done.stdout


def _chunks(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(paths), _CHUNK):
        yield paths[start : start + _CHUNK]


def _reason(stderr: bytes) -> str:
    """Return what git says went wrong: its first line that says so."""
    lines = stderr.decode("utf-8", "replace").splitlines()
    for line in lines:
        if line.startswith(("fatal: ", "error: ", "ERROR: ", "remote: ")):
            reason = line.partition(": ")[2][:300]
            return "no such repository, or a private one" if "could not read Username" in reason else reason
    return (lines[-1] if lines else "git failed")[:300]
