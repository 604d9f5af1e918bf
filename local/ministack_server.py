"""MiniStack's server, with three things otherwise. Usage: ministack_server.py PORT.

It takes alarms of metric math: MiniStack's CloudFormation refuses them, and the whole stack with them. Such an alarm is
made on a metric that nobody writes, and never rings here; what its expression says is tried in
test/stack/dead-letter-growth.test.ts.

It gives EventBridge's rules that want calls that only read, too, their events: to MiniStack such a rule is not enabled.
From other rules it keeps nothing back, so that what AWS does is not tried here.

It looks for expired sessions once a minute: MiniStack reads all sessions at each AssumeRole, of which every containment
makes two, so that long runs (the fault matrix) become slower and slower.
"""

import sys
import time

from ministack.app import app
from ministack.services import sts
from ministack.services.cloudformation import provisioners

from serve import serve

record = provisioners._cw_metric_alarm_record


def without_math(name, props):
    if not any(entry.get("Expression") for entry in props.get("Metrics") or []):
        return record(name, props)
    rest = {key: value for key, value in props.items() if key != "Metrics"}
    unwritten = {"Namespace": "Firebreak/MetricMath", "MetricName": name, "Statistic": "Maximum", "Period": 60}
    return record(name, {**rest, **unwritten})


provisioners._cw_metric_alarm_record = without_math


def without_reads(change):
    def changed(*args, **kwargs):
        return change(*({**arg, "State": "ENABLED"} if wants_reads(arg) else arg for arg in args), **kwargs)

    return changed


def wants_reads(arg):
    return isinstance(arg, dict) and arg.get("State") == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


rules = provisioners._RESOURCE_HANDLERS["AWS::Events::Rule"]
rules.update(create=without_reads(rules["create"]), update=without_reads(rules["update"]))

EVICTION_SECONDS = 60
evict = sts._evict_expired_sessions
evicted = time.monotonic()


def evict_seldom():
    global evicted
    if time.monotonic() - evicted >= EVICTION_SECONDS:
        evicted = time.monotonic()
        evict()


sts._evict_expired_sessions = evict_seldom

serve(app, int(sys.argv[1]), lifespan="on")
