import { jest } from '@jest/globals';

// A chain takes seconds, and CI's machines are shared.
jest.setTimeout(90_000);
