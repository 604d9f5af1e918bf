"""moto's server, without two things that it does at every request.

It lists its own folder to find out whether the host's name is one of its modules, which it never is here, and it writes
a line to its log, which the recording proxy before it keeps. Usage: that of `python -m moto.server`.
"""

import logging

from moto import backends
from moto.server import main

MODULES = frozenset(backends.list_of_moto_modules())
backends.list_of_moto_modules = lambda: MODULES
logging.getLogger("werkzeug").setLevel(logging.WARNING)
main()
