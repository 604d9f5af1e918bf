/** Something wrong in a rule file, with its place. Lines and columns count from 1. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A place in one file, before it is known what is wrong there. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Collects the mistakes of one file: nothing stops at the first. */
export class Problems {
  readonly all: Problem[] = [];
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  add(place: Place, message: string): void {
    this.all.push({ path: this.#path, line: place.line, column: place.column, message });
  }
}

/** `path:line:column: message` */
export function formatProblem(problem: Problem): string {
  return `${problem.path}:${problem.line}:${problem.column}: ${problem.message}`;
}
