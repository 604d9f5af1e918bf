"""MiniStack's server, with two things otherwise. Usage: that of `python -m hypercorn`.

It takes alarms of metric math: MiniStack's CloudFormation refuses them, and the whole stack with them. Such an alarm is
made on a metric that nobody writes, and never rings here; what its expression says is tried in
test/stack/dead-letter-growth.test.ts.

It looks for expired sessions once a minute: MiniStack reads all sessions at each AssumeRole, of which every containment
makes two, so that long runs (the fault matrix) become slower and slower.
"""

import sys
import time

from hypercorn.__main__ import main
from ministack.services import sts
from ministack.services.cloudformation import provisioners

record = provisioners._cw_metric_alarm_record


def without_math(name, props):
    if not any(entry.get("Expression") for entry in props.get("Metrics") or []):
        return record(name, props)
    rest = {key: value for key, value in props.items() if key != "Metrics"}
    unwritten = {"Namespace": "Firebreak/MetricMath", "MetricName": name, "Statistic": "Maximum", "Period": 60}
    return record(name, {**rest, **unwritten})


provisioners._cw_metric_alarm_record = without_math

EVICTION_SECONDS = 60
evict = sts._evict_expired_sessions
evicted = time.monotonic()


def evict_seldom():
    global evicted
    if time.monotonic() - evicted >= EVICTION_SECONDS:
        evicted = time.monotonic()
        evict()


sts._evict_expired_sessions = evict_seldom

# The server's own worker imports this file anew.
if __name__ == "__main__":
    sys.exit(main())
