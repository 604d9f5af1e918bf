"""moto's server, without three things that it does at every request.

It lists its own folder to find out whether the host's name is one of its modules, which it never is here; it looks through
all members of a service's class to find out which are methods, which never changes; and it writes a line to its log, which
the recording proxy before it keeps. Usage: that of `python -m moto.server`.
"""

import functools
import logging

from moto import backends
from moto.core import responses
from moto.server import main

MODULES = frozenset(backends.list_of_moto_modules())
backends.list_of_moto_modules = lambda: MODULES
responses.method_names_from_class = functools.cache(responses.method_names_from_class)
logging.getLogger("werkzeug").setLevel(logging.WARNING)
main()
