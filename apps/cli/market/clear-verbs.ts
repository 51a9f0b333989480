import { z } from 'zod';
import type { Output } from '../output.ts';
import { blockInput, clearBlockFile } from './blocks.ts';
import { clearFile } from './clear.ts';
import { clearInput } from './clear-input.ts';
import { clearCurveFile, curvesInput } from './curves.ts';

/** Mechanisms that take an input of their own. */
const OWN = new Map<string, { schema: z.ZodType; clear: (path: string, output: Output) => Promise<void> }>([
  ['block-orders', { schema: blockInput, clear: clearBlockFile }],
  ['demand-curves', { schema: curvesInput, clear: clearCurveFile }],
]);

export function printSchema(mechanism: string, output: Output): void {
  const schema = z.toJSONSchema(OWN.get(mechanism)?.schema ?? clearInput, { io: 'input' });
  output.result(schema, JSON.stringify(schema, null, 2));
}

/** Clears what a file says by the mechanism of a name. @throws the codes of readInput, the scales and the mechanism */
export async function clearInputFile(mechanism: string, path: string, output: Output): Promise<void> {
  const own = OWN.get(mechanism);
  if (own === undefined) await clearFile(mechanism, path, output);
  else await own.clear(path, output);
}
