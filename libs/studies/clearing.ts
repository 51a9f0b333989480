import { DomainError } from '#core';
import { z } from 'zod';
import { type BlockInput, blockInput, clearBlockBook, type ClearedBlocks } from './blocks.ts';
import { clearBook, type ClearedBook } from './clear.ts';
import { type ClearInput, clearInput } from './clear-input.ts';
import { clearCurveBook, type ClearedCurves, type CurvesInput, curvesInput } from './curves.ts';
import { CLEARING_MECHANISMS } from './mechanisms.ts';
import { type Study } from './study.ts';

export interface ClearOptions {
  readonly report: boolean;
}

const clearOptions = z.strictObject({
  report: z.boolean().default(false).describe('say what set each price and what a unit more is worth'),
});

const clearing = <Input, Result>(
  method: string,
  input: z.ZodType<Input>,
  run: Study<Input, ClearOptions, Result>['run'],
): Study<Input, ClearOptions, Result> => {
  const { title } = CLEARING_MECHANISMS.find(({ name }) => name === method)!;
  return { verb: 'clear', method, title, input, options: clearOptions, run };
};

/** `market clear --mechanism block-orders`. */
export const clearBlocksStudy: Study<BlockInput, ClearOptions, ClearedBlocks> = clearing(
  'block-orders',
  blockInput,
  (input, { report }, context) => clearBlockBook(input, context, report),
);

/** `market clear --mechanism demand-curves`: curves, or a book of orders, which is one too. */
export const clearCurvesStudy: Study<CurvesInput | ClearInput, ClearOptions, ClearedCurves | ClearedBook> =
  clearing('demand-curves', z.union([curvesInput, clearInput]), (input, { report }) => {
    if ('orders' in input) return clearBook('demand-curves', input, report);
    if (!report) return clearCurveBook(input);
    throw new DomainError('REPORT_NEEDS_ORDERS', 'expected orders, whose limits a report is of, got curves');
  });

/** `market clear` by a mechanism on one book of plain orders. */
export const clearBookStudy = (mechanism: string): Study<ClearInput, ClearOptions, ClearedBook> =>
  clearing(mechanism, clearInput, (input, { report }) => clearBook(mechanism, input, report));

/** `market clear` by any mechanism. */
export const clearStudies: readonly Study[] = CLEARING_MECHANISMS.map(({ name }): Study => {
  if (name === clearBlocksStudy.method) return clearBlocksStudy;
  return name === clearCurvesStudy.method ? clearCurvesStudy : clearBookStudy(name);
});
