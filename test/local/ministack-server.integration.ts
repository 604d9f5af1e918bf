import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { install } from '../../local/install';

const REFUSED = `
from ministack.services.cloudformation.provisioners import _cw_metric_alarm_record
try:
    _cw_metric_alarm_record("probe", {
        "Metrics": [{"Id": "m", "Expression": "1"}], "ComparisonOperator": "LessThanThreshold", "Threshold": 1,
    })
    print("made")
except ValueError as error:
    print(error)
`;

test('MiniStack by itself still refuses alarms of metric math', async () => {
  const { python } = await install();

  const { stdout } = await promisify(execFile)(python, ['-c', REFUSED]);

  // When this fails, MiniStack has learned it: remove what local/ministack_server.py does.
  expect(stdout).toContain('(metric math) is not supported');
});
