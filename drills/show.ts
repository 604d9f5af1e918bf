import type { Colours, Io } from '../cli/io';
import { safe } from '../cli/print';
import { textAt } from '../lib/model/json';
import type { TimelineRecord } from '../lib/model/timeline';
import type { ScenarioFacts, Expectation } from './scenario';

/** What a drill shows live: to standard output, or with `--json` to standard error where that is a terminal. */
export class Show {
  private readonly colours: Colours;
  private began = Date.now();

  public constructor(
    private readonly io: Io,
    private readonly json: boolean,
  ) {
    this.colours = io.colours;
  }

  public line(text = ''): void {
    if (this.json) this.io.progress(text);
    else this.io.out(`${text}\n`);
  }

  /** A step of the preparation, with how long it took. */
  public async step<T>(text: string, work: () => Promise<T>, result: (value: T) => string = () => ''): Promise<T> {
    const began = Date.now();
    const value = await work();
    const took = `${((Date.now() - began) / 1000).toFixed(1)} s`;
    const { dim, green } = this.colours;
    const more = result(value);
    this.line(`  ${green('ok')}  ${text}${more === '' ? '' : ` ${dim(more)}`}  ${dim(took)}`);
    return value;
  }

  public heading(facts: ScenarioFacts): void {
    const { bold, dim } = this.colours;
    this.line();
    this.line(`${bold(facts.title)}  ${dim(facts.attack.join(' '))}`);
    for (const line of wrapped(facts.story, 110)) this.line(dim(`  ${line}`));
    this.line();
    this.began = Date.now();
  }

  public section(text: string): void {
    this.line();
    this.line(`  ${this.colours.bold(text)}`);
  }

  /** What happens at a stage, with the time since the attack began. */
  public stage(stage: string, text: string, at = Date.now()): void {
    const { cyan, dim, red } = this.colours;
    const since = `+${Math.max(0, (at - this.began) / 1000).toFixed(1)} s`.padStart(8);
    const who = stage.padEnd(9);
    this.line(`  ${dim(since)}  ${stage === 'attacker' ? red(who) : cyan(who)} ${safe(text, 180)}`);
  }

  /** A record of an incident's timeline. What was only written down, for a release, is left out. */
  public record({ stage, kind, text, at, details }: TimelineRecord): void {
    if (kind === 'state-recorded') return;
    const target = textAt(details, 'target.id')?.split('/').at(-1);
    const about = stage === 'contain' && target !== undefined && !text.includes(target) ? `${target}: ` : '';
    this.stage(stage, about + text, Date.parse(at));
  }

  public expectation({ text, passed, observed }: Expectation): void {
    const { bold, dim, green, red } = this.colours;
    this.line(`  ${passed ? green('ok    ') : bold(red('failed'))}  ${safe(text)}`);
    this.line(dim(`          ${safe(observed, 400)}`));
  }
}

/** Lines of at most `width` characters, broken between words. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
