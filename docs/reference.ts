/** Writes docs/reference: `npm run docs:reference`. A test finds it out of date. */
import { writeFile } from 'node:fs/promises';
import { references } from './references.ts';

for (const [name, text] of await references())
  await writeFile(new URL(`reference/${name}`, import.meta.url), text);
