import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { references } from '../docs/references.ts';

it('docs/reference is what commands, schema and sources say; `npm run docs:reference` writes it', async () => {
  for (const [name, text] of await references()) {
    const committed = await readFile(`docs/reference/${name}`, 'utf8');
    expect(committed === text ? name : `${name} is out of date`).toBe(name);
  }
});
