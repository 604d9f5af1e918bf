/** A filter pattern that CloudWatch Logs would refuse, with the place, what stands there, and what to do. */
export class FilterPatternError extends Error {
  public override readonly name = 'FilterPatternError';

  /**
   * @param column in characters of the pattern, from 1
   * @param reason what is wrong and what to write in its stead
   */
  constructor(
    readonly column: number,
    readonly reason: string,
  ) {
    super(`column ${column}: ${reason}`);
  }
}
