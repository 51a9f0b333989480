import { z } from 'zod';
import { type BlockInput, blockInput, clearBlockBook, type ClearedBlocks } from './blocks.ts';
import { clearBook, type ClearedBook } from './clear.ts';
import { type ClearInput, clearInput } from './clear-input.ts';
import { clearCurveBook, type ClearedCurves, type CurvesInput, curvesInput } from './curves.ts';
import { CLEARING_MECHANISMS } from './mechanisms.ts';
import { noOptions, type Study } from './study.ts';

const clearing = <Input, Result>(
  method: string,
  input: z.ZodType<Input>,
  run: Study<Input, object, Result>['run'],
): Study<Input, object, Result> => {
  const { title } = CLEARING_MECHANISMS.find(({ name }) => name === method)!;
  return { verb: 'clear', method, title, input, options: noOptions, run };
};

/** `market clear --mechanism block-orders`. */
export const clearBlocksStudy: Study<BlockInput, object, ClearedBlocks> = clearing(
  'block-orders',
  blockInput,
  (input, _options, context) => clearBlockBook(input, context),
);

/** `market clear --mechanism demand-curves`: curves, or a book of orders, which is one too. */
export const clearCurvesStudy: Study<CurvesInput | ClearInput, object, ClearedCurves | ClearedBook> =
  clearing('demand-curves', z.union([curvesInput, clearInput]), (input) =>
    'orders' in input ? clearBook('demand-curves', input) : clearCurveBook(input),
  );

/** `market clear` by a mechanism on one book of plain orders. */
export const clearBookStudy = (mechanism: string): Study<ClearInput, object, ClearedBook> =>
  clearing(mechanism, clearInput, (input) => clearBook(mechanism, input));

/** `market clear` by any mechanism. */
export const clearStudies: readonly Study[] = CLEARING_MECHANISMS.map(({ name }): Study => {
  if (name === clearBlocksStudy.method) return clearBlocksStudy;
  return name === clearCurvesStudy.method ? clearCurvesStudy : clearBookStudy(name);
});
