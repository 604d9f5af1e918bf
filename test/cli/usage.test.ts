import { describe, expect, test } from '@jest/globals';
import { RUNBOOKS } from '../../runbooks';
import { runCli } from './run-cli';

const USER = 'arn:aws:iam::111122223333:user/alice';
const CONTAINMENT = `con-${'0'.repeat(32)}`;

describe('wrong usage ends with exit code 2, says what is wrong, and writes nothing to standard output', () => {
  test.each([
    [[], 'Usage: firebreak'],
    [['nonsense'], "unknown command 'nonsense'"],
    [['incident'], 'Usage: firebreak incident'],
    [['incident', 'ack'], "missing required argument 'incident'"],
    [['incident', 'ack', 'INC-1'], "begins with 'inc-'"],
    [['incident', 'list', '--status', 'ajar'], 'Allowed choices are open, closed'],
    [['incident', 'list', '--limit', '0'], 'from 1 to 500'],
    [['incident', 'list', '--limit', ''], 'from 1 to 500'],
    [['incident', 'ack', 'inc-12345678'], 'by --by NAME'],
    [['incident', 'note', 'inc-12345678', ' ', '--by', 'Kim'], '1 to 1000 characters'],
    [['incident', 'close', 'inc-12345678', '--by', 'Kim'], "'--reason <text>' not specified"],
    [['incident', 'report', 'inc-12345678', '--html', '--markdown'], 'cannot be used with'],
    [['incident', 'open', '--by', 'Kim', '--title', 'x', '--severity', 'SEV9'], 'Allowed choices are SEV1'],
    [['incident', 'open', '--by', 'Kim', '--title', 'x', '--severity', 'SEV1', '--contain', USER], 'RUNBOOK=ARN'],
    [['pause', '--by', 'Kim'], "'--reason <text>' not specified"],
    [['pause', '--reason', 'x'], 'by --by NAME'],
    [['runbook', 'plan', 'undo-everything', '--target', USER], 'There is no such runbook; there are: '],
    [['runbook', 'plan', 'disable-access-key', '--target', 'alice'], "is for the kind 'user', such as arn:aws:iam::"],
    [['runbook', 'plan', 'isolate-instance', '--target', USER], "is for the kind 'instance'"],
    [['runbook', 'release', 'con-1', '--reason', 'x', '--by', 'Kim'], "'con-' and 32 hexadecimal digits"],
    [['runbook', 'release', CONTAINMENT, '--reason', 'x'], 'by --by NAME'],
    [['drill', 'earthquake'], 'There are: leaked-key, compromised-instance'],
    [['drill', '--runs', '41'], 'from 1 to 40'],
    [['drill', 'compromised-instance', '--runs', '2'], '--runs measures the scenario leaked-key'],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await runCli(argv);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

test.each([['--help'], ['--version'], ['incident --help'], ['runbook release --help']])(
  '%s ends with exit code 0 and answers on standard output',
  async (line) => {
    const { code, out, err } = await runCli(line.split(' '));

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).not.toBe('');
  },
);

describe('runbook list', () => {
  test('gives the facts of every runbook as JSON', async () => {
    const { code, out } = await runCli(['runbook', 'list', '--json']);

    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(RUNBOOKS)));
  });

  test('tells people how each action is taken back', async () => {
    const { out } = await runCli(['runbook', 'list']);

    for (const { title } of RUNBOOKS.flatMap(({ actions }) => actions)) expect(out).toContain(title);
    expect(out).toContain('becomes a task');
  });
});
