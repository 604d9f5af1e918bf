"""MiniStack's server, which also takes alarms of metric math: its CloudFormation refuses them, and the whole stack with them.

Such an alarm is made on a metric that nobody writes, and never rings here; what its expression says is tried in
test/stack/dead-letter-growth.test.ts. Usage: that of `python -m hypercorn`.
"""

import sys

from hypercorn.__main__ import main
from ministack.services.cloudformation import provisioners

record = provisioners._cw_metric_alarm_record


def without_math(name, props):
    if not any(entry.get("Expression") for entry in props.get("Metrics") or []):
        return record(name, props)
    rest = {key: value for key, value in props.items() if key != "Metrics"}
    unwritten = {"Namespace": "Firebreak/MetricMath", "MetricName": name, "Statistic": "Maximum", "Period": 60}
    return record(name, {**rest, **unwritten})


provisioners._cw_metric_alarm_record = without_math

# The server's own worker imports this file anew.
if __name__ == "__main__":
    sys.exit(main())
