"""moto's server, without what it does at every request and needs not. Usage: moto_server.py PORT.

It lists its own folder to find out whether the host's name is one of its modules, which it never is here, and it looks
through all members of a service's class to find out which are methods, which never changes.

A Classic Load Balancer has an instance once, however often it is registered: moto names it as often as it was told, so that
a call that is tried again after its answer was lost would read as a change. That AWS names it once is taken for granted: its
reference does not say so, and it was not tried there.
"""

import functools
import os
import sys

from moto import backends
from moto.core import responses
from moto.elb.models import ELBBackend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from serve import serve
from wsgi import asgi

MODULES = frozenset(backends.list_of_moto_modules())
backends.list_of_moto_modules = lambda: MODULES
responses.method_names_from_class = functools.cache(responses.method_names_from_class)

register = ELBBackend.register_instances


def register_once(self, load_balancer_name, instance_ids, from_autoscaling=False):
    there = self.get_load_balancer(load_balancer_name).instance_ids
    new = [one for one in dict.fromkeys(instance_ids) if one not in there]
    return register(self, load_balancer_name, new, from_autoscaling)


ELBBackend.register_instances = register_once

port = int(sys.argv[1])
# moto names itself by it in what it answers.
os.environ.setdefault("MOTO_PORT", str(port))
app = DomainDispatcherApplication(create_backend_app)
app.debug = True
serve(asgi(app), port, lifespan="off")
