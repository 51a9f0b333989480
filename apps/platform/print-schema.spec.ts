import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { printPlatformSchema } from './print-schema.ts';

describe('schema.graphql', () => {
  it('says what the platform offers; `npm run schema` writes it', async () => {
    expect(await readFile('schema.graphql', 'utf8')).toBe(await printPlatformSchema());
  });
});
