import { MAX_REPEATS } from './limits';

/** How often a chain starts again. */
export interface StartAgainOptions {
  /** 1 to 5 further runs from the first level; the alarm is raised after each. */
  readonly times: number;
}

/**
 * What happens when no level answered. The alarm topic is told in every case, the timeline says so, and the
 * execution ends as failed, which CloudWatch counts.
 */
export class NobodyAnswers {
  /** Raise the alarm and end. */
  public static alarm(): NobodyAnswers {
    return new NobodyAnswers(0);
  }

  /**
   * Raise the alarm, then page from the first level again.
   *
   * @throws Error where `times` is not a whole number from 1 to 5.
   */
  public static startAgain(options: StartAgainOptions): NobodyAnswers {
    const { times } = options;
    if (!Number.isInteger(times) || times < 1 || times > MAX_REPEATS) {
      throw new Error(
        `'times' of NobodyAnswers.startAgain must be a whole number from 1 to ${MAX_REPEATS}, got ${times}; ` +
          'use NobodyAnswers.alarm() to run the chain once',
      );
    }
    return new NobodyAnswers(times);
  }

  private constructor(
    /** Further runs of the chain. */
    public readonly times: number,
  ) {}
}
