import { requireInput } from '#inputs';
import {
  clearBlocksStudy,
  clearBookStudy,
  clearCurvesStudy,
  type ClearedBlocks,
  type ClearedCurves,
  clearInput,
  type ClearOptions,
  curvesInput,
} from '#studies';
import { z } from 'zod';
import { readInput } from '../input.ts';
import type { Output } from '../output.ts';
import { clearText } from './clear-text.ts';
import { type FileVerb, studyVerb } from '../file-verb.ts';

const acceptedLine = ({ id, ratio }: ClearedBlocks['accepted'][number]): string =>
  `\n  ${id}: ${ratio === 0 ? 'rejected' : `${Math.round(ratio * 1000) / 10} % accepted`}`;

const blocksVerb = studyVerb(
  clearBlocksStudy,
  (result, input) => `${clearText(result, input)}${result.accepted.map(acceptedLine).join('')}`,
);

/** Curves, or a book of orders, which is one too. */
const curvesVerb: FileVerb<Readonly<Record<string, unknown>>, ClearOptions> = {
  schema: z.looseObject({}),
  async run(json, output, options) {
    const input = Object.hasOwn(json, 'orders')
      ? requireInput(json, clearInput)
      : requireInput(json, curvesInput);
    await studyVerb(clearCurvesStudy, (result, { unit }) =>
      'positions' in result ? curvesText(result, unit) : clearText(result, { unit }),
    ).run(input, output, options);
  },
};

function curvesText({ positions, quantity, price, certificate }: ClearedCurves, unit: string): string {
  const lines = positions.map(({ id, demand }) => `  ${id}  ${demand} ${unit}`);
  const head =
    quantity > 0
      ? `${quantity} ${unit} at ${price} per ${unit}`
      : `nothing clears: ${String(certificate['reason'])}`;
  return [head, ...lines].join('\n');
}

/** Mechanisms that take an input of their own. */
const OWN = new Map<string, { readonly schema: z.ZodType; readonly verb: FileVerb<unknown, ClearOptions> }>([
  ['block-orders', { schema: clearBlocksStudy.input, verb: blocksVerb }],
  ['demand-curves', { schema: curvesInput, verb: curvesVerb }],
]);

export function printSchema(mechanism: string, output: Output): void {
  const schema = z.toJSONSchema(OWN.get(mechanism)?.schema ?? clearInput, { io: 'input' });
  output.result(schema, JSON.stringify(schema, null, 2));
}

/** Clears what a file says by the mechanism of a name. @throws the codes of readInput, the scales and the mechanism */
export async function clearInputFile(
  mechanism: string,
  path: string,
  output: Output,
  options: ClearOptions,
): Promise<void> {
  const verb = OWN.get(mechanism)?.verb ?? studyVerb(clearBookStudy(mechanism), clearText);
  await verb.run(await readInput(path, verb.schema), output, options);
}
