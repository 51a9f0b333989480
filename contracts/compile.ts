/** Compiles the contract and writes its artifact; run by `npm run contracts`. */
import { writeFile } from 'node:fs/promises';
import { ARTIFACT, compileAnchor } from './anchor-artifact.ts';

await writeFile(ARTIFACT, await compileAnchor());
