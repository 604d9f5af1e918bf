"""MiniStack's server, which also makes alarms of metric math: its CloudFormation refuses them, and the whole stack with them.

Such an alarm is made on the one metric that its expression is about, with the same threshold. That tells of the same first message;
what the expression adds is tried in test/stack/dead-letter-alarm.test.ts. Usage: that of `python -m hypercorn`.
"""

import sys

from hypercorn.__main__ import main
from ministack.services.cloudformation import provisioners

record = provisioners._cw_metric_alarm_record


def on_its_metric(name, props):
    stats = [entry["MetricStat"] for entry in props.get("Metrics") or [] if entry.get("MetricStat")]
    if len(stats) != 1:  # Of several, no one stands for the others.
        return record(name, props)
    rest = {key: value for key, value in props.items() if key != "Metrics"}
    [stat] = stats
    return record(name, {**rest, **stat["Metric"], "Statistic": stat["Stat"], "Period": stat["Period"]})


provisioners._cw_metric_alarm_record = on_its_metric

# The server's own worker imports this file anew.
if __name__ == "__main__":
    sys.exit(main())
