"""moto's server, without what it does at every request and needs not. Usage: moto_server.py PORT.

It lists its own folder to find out whether the host's name is one of its modules, which it never is here, and it looks
through all members of a service's class to find out which are methods, which never changes.
"""

import functools
import os
import sys

from moto import backends
from moto.core import responses
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from serve import serve
from wsgi import asgi

MODULES = frozenset(backends.list_of_moto_modules())
backends.list_of_moto_modules = lambda: MODULES
responses.method_names_from_class = functools.cache(responses.method_names_from_class)

port = int(sys.argv[1])
# moto names itself by it in what it answers.
os.environ.setdefault("MOTO_PORT", str(port))
app = DomainDispatcherApplication(create_backend_app)
app.debug = True
serve(asgi(app), port, lifespan="off")
