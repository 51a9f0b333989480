import { DomainError } from '#core';
import {
  type Hierarchy,
  hierarchyOf,
  reconcile,
  reconciliation,
  type ReconciliationMethod,
} from '#forecasting';
import { z } from 'zod';
import { readInput } from '../input.ts';
import type { Output } from '../output.ts';
import { type ReconcileInput, reconcileInput } from './reconcile-input.ts';

/** Forecasts that add up, and how they came about. */
export interface ReconcileResult {
  readonly method: ReconciliationMethod;
  /** Of `mint`: 0 takes the covariance as measured, 1 the variances alone. */
  readonly shrinkage?: number;
  /** By node, in the unit of the base forecasts. */
  readonly forecasts: Readonly<Record<string, readonly number[]>>;
  /** By leaf: what it takes of each node's base forecast. */
  readonly weights: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export function printSchema(output: Output): void {
  const schema = z.toJSONSchema(reconcileInput, { io: 'input' });
  output.result(schema, JSON.stringify(schema, null, 2));
}

/** Reconciles the forecasts in a file. @throws the codes of readInput, HIERARCHY_INVALID, RESIDUALS_…, COVARIANCE_SINGULAR */
export async function reconcileFile(path: string, output: Output): Promise<void> {
  const result = reconcileForecasts(await readInput(path, reconcileInput));
  output.result(result, render(result));
}

export function reconcileForecasts({ nodes, base, residuals, method }: ReconcileInput): ReconcileResult {
  const hierarchy = hierarchyOf(nodes);
  const { ids } = hierarchy;
  const forecasts = byNode(ids, base, 'base');
  const errors = residuals && byNode(ids, residuals, 'residuals');
  const { weights, shrinkage } = reconciliation(hierarchy, method, errors);
  const instants = Array.from(forecasts[0]!, (_, t) =>
    reconcile(
      hierarchy,
      weights,
      Float64Array.from(forecasts, (of) => of[t]!),
    ),
  );
  return {
    method,
    ...(shrinkage === undefined ? {} : { shrinkage }),
    forecasts: Object.fromEntries(ids.map((id, i) => [id, instants.map((at) => at[i]!)])),
    weights: weightsByLeaf(hierarchy, weights),
  };
}

/** The values of each node in the order of `ids`. @throws INPUT_KEY_UNKNOWN, INPUT_INVALID */
function byNode(
  ids: readonly string[],
  values: Readonly<Record<string, readonly number[]>>,
  name: 'base' | 'residuals',
): Float64Array[] {
  const known = new Set(ids);
  // By Map: an id may be a name that every object has.
  const given = new Map(Object.entries(values));
  const keys = [...given.keys()].filter((id) => !known.has(id)).map((id) => `${name}.${id}`);
  if (keys.length > 0) {
    throw new DomainError('INPUT_KEY_UNKNOWN', `expected no unknown key, got ${keys.join(', ')}`, 'invalid', {
      keys,
    });
  }
  const length = given.get(ids[0]!)?.length;
  const problems = ids
    .filter((id) => given.get(id) === undefined || given.get(id)!.length !== length)
    .map((id) => `${name}.${id}: expected as many numbers as of ${ids[0]!}`);
  if (problems.length > 0) {
    throw new DomainError(
      'INPUT_INVALID',
      `expected numbers of every node, got ${problems.join('; ')}`,
      'invalid',
      { problems },
    );
  }
  return ids.map((id) => Float64Array.from(given.get(id)!));
}

function weightsByLeaf({ ids, sums }: Hierarchy, weights: Float64Array): ReconcileResult['weights'] {
  const row = (i: number) => weights.subarray(i * ids.length, (i + 1) * ids.length);
  return Object.fromEntries(
    ids.slice(sums).map((leaf, i) => [leaf, Object.fromEntries(ids.map((id, j) => [id, row(i)[j]!]))]),
  );
}

const short = (value: number): string => Number(value.toPrecision(6)).toString();

function render({ method, shrinkage, forecasts, weights }: ReconcileResult): string {
  const shrunk = shrinkage === undefined ? '' : `, shrinkage ${short(shrinkage)}`;
  const lines = Object.entries(forecasts).map(([id, values]) => `  ${id}  ${values.map(short).join(' ')}`);
  const taken = Object.entries(weights).map(([leaf, of]) => {
    const parts = Object.entries(of).filter(([, weight]) => Math.abs(weight) > 1e-12);
    return `  ${leaf}  ${parts.map(([id, weight]) => `${short(weight)}·${id}`).join(' + ')}`;
  });
  return [`${method}${shrunk}`, ...lines, 'weights', ...taken].join('\n');
}
