import { DomainError, hashJson, repeatedName } from '#core';
import {
  dividePayment,
  rewardShares,
  type Sampling,
  type SellerData,
  similarityClasses,
  type Utility,
  valueByClass,
  valueContributors,
  valueGroups,
} from '#exchange';
import { solveRidge } from '#forecasting';
import { gameFromKeys } from '#sharing';
import type { FileVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';
import {
  type DataInput,
  type GroupsInput,
  type TableInput,
  type ValueInput,
  valueInput,
} from './value-input.ts';

export interface ValueOptions {
  readonly samples: number;
  readonly seed: number;
}

interface Valued {
  readonly ids: readonly string[];
  readonly values: readonly number[];
  readonly standardErrors: readonly number[] | null;
  readonly method: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** `exchange value`: what each contributor's data are worth to a utility, and its part of a payment. */
export const valueVerb: FileVerb<ValueInput, ValueOptions> = {
  schema: valueInput,
  async run(input, output, { samples, seed }) {
    const { ids, values, standardErrors, method, more } = await valued(input, { samples, seed });
    const byId = <T>(all: readonly T[]) => Object.fromEntries(ids.map((id, i) => [id, all[i]!]));
    const paid = paidBy(input, values);
    const result = {
      method,
      values: byId(values.map((each) => each + 0)),
      standardErrors: standardErrors && byId(standardErrors),
      ...more,
      ...(paid && { feeMinor: paid.feeMinor, shares: byId(paid.sellerMinor) }),
    };
    const lines = ids.map((id, i) => [id, values[i]!.toPrecision(6), `${paid?.sellerMinor[i] ?? '–'}`]);
    output.result(result, tableText(['contributor', `value (${method})`, 'share, minor units'], lines));
  },
};

function paidBy({ amountMinor, feeBasisPoints = 0 }: ValueInput, values: readonly number[]) {
  if (amountMinor === undefined) return null;
  const { feeMinor } = dividePayment(amountMinor, { basisPoints: feeBasisPoints }, [1n]);
  return { feeMinor, sellerMinor: rewardShares(amountMinor - feeMinor, values) };
}

async function valued(input: ValueInput, sampling: Sampling): Promise<Valued> {
  if ('players' in input) return valuedTable(input, sampling);
  return 'groups' in input ? valuedGroups(input, sampling) : valuedData(input, sampling);
}

function valuedTable({ players, values }: TableInput, sampling: Sampling): Valued {
  return { ids: players, ...valueContributors(players, tableUtility(players, values), sampling) };
}

function valuedGroups({ groups, least, values }: GroupsInput, sampling: Sampling): Valued {
  const ids = groups.map(({ id }) => id);
  const weighted = groups.map(({ members, weights }) => ({
    members,
    ...(weights && { weights: weights.map(BigInt) }),
  }));
  const valuation = valueGroups(weighted, tableUtility(ids, values), { ...sampling, least });
  const groupValues = Object.fromEntries(ids.map((id, i) => [id, valuation.values[i]!]));
  const members = groups.flatMap((group) => group.members);
  const { method, memberValues } = valuation;
  return { ids: members, values: memberValues.flat(), standardErrors: null, method, more: { groupValues } };
}

/** @throws as gameFromKeys */
function tableUtility(names: readonly string[], utilities: Readonly<Record<string, number>>): Utility {
  const { values } = gameFromKeys(names, utilities);
  return (coalition) => values[coalition.reduce((set, i) => set + 2 ** i, 0)]!;
}

async function valuedData(input: DataInput, sampling: Sampling): Promise<Valued> {
  requireRows(input);
  const { sellers, similarity } = input;
  const compared = await Promise.all(sellers.map((seller) => comparedData(seller, sellers)));
  const classes = similarityClasses(compared, similarity);
  const valuation = valueByClass(compared, classes, ridgeUtility(input, classes), sampling);
  const ids = sellers.map(({ id }) => id);
  const { values, standardErrors, method } = valuation;
  return {
    ids,
    values,
    standardErrors,
    method,
    more: { classes: classes.map((all) => all.map((i) => ids[i]!)) },
  };
}

/** @throws INPUT_INVALID unless every row has as many inputs and one y, and each seller is there once */
function requireRows({ sellers, validation }: DataInput): void {
  const width = validation.x[0]!.length;
  const fits = [...sellers, validation].every(
    ({ x, y }) => x.length === y.length && x.every((row) => row.length === width),
  );
  if (fits && repeatedName(sellers.map(({ id }) => id)) === undefined) return;
  throw new DomainError(
    'INPUT_INVALID',
    `expected sellers once each, with rows of ${width} inputs and a y for each row, got others`,
  );
}

type Seller = DataInput['sellers'][number];

/** Series are compared where all sellers have as many rows: nothing else says that they are of the same time. */
async function comparedData({ id, owner, x, y }: Seller, all: readonly Seller[]): Promise<SellerData> {
  const alike = y.length > 1 && all.every((other) => other.y.length === y.length);
  return {
    id,
    ...(owner !== undefined && { owner }),
    contentRoot: await hashJson({ x, y }),
    ...(alike && { series: y }),
  };
}

interface NormalSums {
  readonly xx: Float64Array;
  readonly xy: Float64Array;
}

/**
 * Decrease of the mean squared error on the validation rows when the ridge regression has learnt from a coalition of
 * classes; who has learnt nothing predicts 0. A class is learnt once, as the mean of its sellers' sums.
 */
function ridgeUtility({ sellers, validation, ridge }: DataInput, classes: readonly number[][]): Utility {
  const width = validation.x[0]!.length;
  const penalty = new Float64Array(width).fill(ridge);
  const sums = classes.map((members) =>
    meanSums(
      members.map((i) => normalSums(sellers[i]!, width)),
      width,
    ),
  );
  const untaught = meanSquare(validation, new Float64Array(width));
  return (coalition) => {
    const { xx, xy } = addSums(
      coalition.map((i) => sums[i]!),
      width,
    );
    return untaught - meanSquare(validation, solveRidge(xx, penalty, xy, width));
  };
}

function normalSums({ x, y }: Pick<Seller, 'x' | 'y'>, width: number): NormalSums {
  const [xx, xy] = [new Float64Array(width * width), new Float64Array(width)];
  for (const [row, inputs] of x.entries()) {
    for (let i = 0; i < width; i += 1) {
      xy[i]! += inputs[i]! * y[row]!;
      for (let j = 0; j < width; j += 1) xx[i * width + j]! += inputs[i]! * inputs[j]!;
    }
  }
  return { xx, xy };
}

function addSums(all: readonly NormalSums[], width: number): NormalSums {
  const [xx, xy] = [new Float64Array(width * width), new Float64Array(width)];
  for (const sums of all) {
    for (const [i, each] of sums.xx.entries()) xx[i]! += each;
    for (const [i, each] of sums.xy.entries()) xy[i]! += each;
  }
  return { xx, xy };
}

function meanSums(all: readonly NormalSums[], width: number): NormalSums {
  const { xx, xy } = addSums(all, width);
  return { xx: xx.map((each) => each / all.length), xy: xy.map((each) => each / all.length) };
}

function meanSquare({ x, y }: DataInput['validation'], coefficients: Float64Array): number {
  const errors = x.map(
    (inputs, row) => y[row]! - inputs.reduce((sum, each, i) => sum + each * coefficients[i]!, 0),
  );
  return errors.reduce((sum, error) => sum + error * error, 0) / y.length;
}
