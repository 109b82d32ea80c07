"""The local web page: who may ask for what, and what is answered.

Pages are hostile, and other sites in the same browser may be. So every
request needs the token of its address and a host that is ours; the page being
labelled is written anew (`inspection.markup`) and shown in a frame in which
nothing runs; and no answer allows anything to be loaded but our own files.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from werkzeug.serving import make_server

from boilerplate.annotation import views
from boilerplate.annotation.retraining import Retraining
from boilerplate.annotation.session import Session
from boilerplate.errors import BoilerplateError
from boilerplate.labels import LABELS
from boilerplate.palette import colour_rules
from boilerplate.templates import make_environment

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FRAME_POLICY = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_MOST = 2 * 2**20
"""Bytes of a request."""

_LOOPBACK = ("127.0.0.1", "localhost")

_TYPES = {"js": "text/javascript", "css": "text/css"}


def bind(session: Session, retraining: Retraining, token: str, host: str, port: int) -> Any:
    """Return a server that listens, but does not answer yet; `port` 0 takes a free one.

    Raises
    ------
    OSError
        If the address cannot be had.
    """
    pages = Pages(session, retraining, token)
    listening = _listen(host, port)
    server = make_server(host, port, pages.app(), threaded=True, fd=listening.detach())
    pages.hosts = frozenset(f"{name}:{server.port}" for name in {host, *(_LOOPBACK if host in _LOOPBACK else ())})
    return server


def _listen(host: str, port: int) -> socket.socket:
    """Take an address: the server's own way to do that ends the program where it is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        error.filename = f"{host}:{port}"
        raise
    return listening


def make_token() -> str:
    """Return a token that nobody guesses."""
    return secrets.token_urlsafe(32)


class Pages:
    """Answers requests about one session.

    Parameters
    ----------
    session, retraining
        What is being labelled, and what trains on it.
    token
        First part of the path of every request.

    Attributes
    ----------
    hosts
        Values of the header ``Host`` that are ours, with ports.
    """

    def __init__(self, session: Session, retraining: Retraining, token: str, hosts: Iterable[str] = ()) -> None:
        self._session, self._retraining = session, retraining
        self._token, self.hosts = token.encode(), frozenset(hosts)
        self._static = _static_files()
        self._index = make_environment("boilerplate.annotation").get_template("annotate.html.jinja")

    def app(self) -> Flask:
        """Return the application."""
        app = Flask("boilerplate.annotation", static_folder=None, template_folder=None)
        app.config["MAX_CONTENT_LENGTH"] = _MOST
        app.before_request(self._admit)
        app.after_request(_harden)
        for kind in (BoilerplateError, ValueError, OSError):
            app.register_error_handler(kind, _failed)
        for method, path, answer in (
            ("GET", "/", self.index),
            ("GET", "/static/<name>", self.static),
            ("GET", "/frame/<int:number>", self.frame),
            ("GET", "/api/pages", self.pages),
            ("GET", "/api/pages/<int:number>", self.page),
            ("GET", "/api/pages/<int:number>/blocks/<int:block>", self.block),
            ("POST", "/api/pages/<int:number>/label", self.label),
            ("POST", "/api/pages/<int:number>/done", self.done),
            ("POST", "/api/undo", self.undo),
            ("GET", "/api/retraining", self.retraining),
            ("POST", "/api/retraining", self.retrain),
            ("GET", "/api/agreement", self.agreement),
        ):
            app.add_url_rule(f"/<token>{path}", f"{method} {path}", _without_token(answer), methods=[method])
        return app

    def _admit(self) -> None:
        """Refuse whoever has no token, comes by another name, or is another site's page."""
        if request.host not in self.hosts:
            abort(403)
        given = request.path.lstrip("/").partition("/")[0]
        if not secrets.compare_digest(given.encode("utf-8", "replace"), self._token):
            abort(403)
        if request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
            abort(403)
        if request.method == "POST" and not request.is_json:
            abort(415)

    def _check(self, number: int) -> int:
        if number >= len(self._session.store.entries):
            abort(404)
        return number

    def index(self) -> Response:
        """The page itself."""
        html = self._index.render(labels=[label.value for label in LABELS], annotator=self._session.store.annotator)
        return Response(html, mimetype="text/html", headers={"Content-Security-Policy": _PAGE_POLICY})

    def static(self, name: str) -> Response:
        """Its script and styles."""
        if name not in self._static:
            abort(404)
        return Response(self._static[name], mimetype=_TYPES[name.rpartition(".")[2]])

    def frame(self, number: int) -> Response:
        """A document, as it is shown in the frame."""
        html = views.frame(self._session, self._check(number))
        return Response(html, mimetype="text/html", headers={"Content-Security-Policy": _FRAME_POLICY})

    def pages(self) -> Response:
        """The list of documents."""
        return jsonify(views.pages(self._session))

    def page(self, number: int) -> Response:
        """A document's blocks."""
        return jsonify(views.page(self._session, self._check(number)))

    def block(self, number: int, block: int) -> Response:
        """The surroundings of a block."""
        return jsonify(views.block(self._session, self._check(number), block))

    def label(self, number: int) -> Response:
        """Label a selection."""
        data = _body()
        change = self._session.relabel(
            self._check(number),
            views.selection(data.get("selection")),
            views.column(data.get("label")),
            everywhere=data.get("everywhere") is True,
        )
        return jsonify(views.changed(self._session, number, change))

    def done(self, number: int) -> Response:
        """Mark a document as checked, or not."""
        self._session.set_done(self._check(number), _body().get("done") is True)
        return jsonify(views.pages(self._session))

    def undo(self) -> Response:
        """Take the last change back."""
        change = self._session.undo()
        return jsonify(None if change is None else views.changed(self._session, change.number, change))

    def retraining(self) -> Response:
        """How far the retraining is."""
        return jsonify(self._retraining.state())

    def retrain(self) -> Response:
        """Start one."""
        return jsonify({"begun": self._retraining.begin()})

    def agreement(self) -> Response:
        """How far the annotators agree."""
        return jsonify(views.agreement(self._session))


def _without_token(answer: Callable[..., Response]) -> Callable[..., Response]:
    def call(token: str, **found: Any) -> Response:
        return answer(**found)

    return call


def _body() -> dict[str, Any]:
    data = request.get_json()
    if not isinstance(data, dict):
        raise ValueError("not an object")
    return data


def _harden(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    return response


def _failed(error: Exception) -> tuple[Response, int]:
    return jsonify({"error": str(error)}), 400


def _static_files() -> dict[str, str]:
    """Script and styles, by name: nothing else is ever served as a file."""
    ours, shown = files("boilerplate.annotation") / "templates", files("boilerplate.inspection") / "templates"
    frame = (shown / "page.css").read_text(encoding="utf-8") + (ours / "frame.css").read_text(encoding="utf-8")
    return {
        **{name: (ours / name).read_text(encoding="utf-8") for name in ("annotate.js", "actions.js")},
        "annotate.css": colour_rules() + (ours / "annotate.css").read_text(encoding="utf-8"),
        "frame.css": colour_rules() + frame,
    }
