import { describe, expect, test } from '@jest/globals';
import { awsApi } from '../../local/api';
import { COMPLETIONS } from '../../local/complete';
import { embeddedAws } from '../embedded/aws';

describe('what is completed from outside', () => {
  const api = awsApi(embeddedAws());

  test.each(COMPLETIONS.map((completion) => [completion.name, completion] as const))(
    '%s is still needed',
    async (name, completion) => {
      // When this fails, MiniStack has learned it: remove local/complete/<name>.ts and its line in index.ts.
      expect({ name, needed: await completion.needed(api) }).toEqual({ name, needed: true });
    },
  );
});
