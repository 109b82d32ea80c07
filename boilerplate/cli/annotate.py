"""The command ``annotate``."""

from __future__ import annotations

import argparse
import logging

from boilerplate.cli.status import OK
from boilerplate.cli.terminal import print_message
from boilerplate.errors import InputError
from boilerplate.extras import require


def annotate(args: argparse.Namespace) -> int:
    """Serve a local web page for labelling, until Ctrl-C."""
    require("annotate", "flask", "jinja2")
    from boilerplate.annotation.labeller import Labeller
    from boilerplate.annotation.opening import open_store
    from boilerplate.annotation.retraining import Retraining
    from boilerplate.annotation.server import bind, make_token
    from boilerplate.annotation.session import Session
    from boilerplate.segment.page import HTML

    for other in args.others:
        if not other.exists():
            raise InputError(f"{other}: no such dataset")
    store = open_store(args.folder, args.output, annotator=args.annotator, portal=args.portal)
    labeller = Labeller(args.model)
    session = Session(store, labeller)
    retraining = Retraining(session, labeller.models[HTML], args.others)
    token = make_token()
    server = bind(session, retraining, token, args.host, args.port)
    done = sum(entry.done for entry in store.entries)
    print_message(f"{len(store.entries)} documents, {done} done; labels are saved in {store.folder}; Ctrl-C ends")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would print every request, with the token
    print(f"http://{args.host}:{server.port}/{token}/", flush=True)
    server.serve_forever()
    return OK
