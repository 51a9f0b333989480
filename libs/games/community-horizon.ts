import { DomainError } from '#core';
import { requireNumber, requirePlayers } from './convergence.ts';

/** A member over the slots of a horizon, energy in one unit. */
export interface HorizonMember {
  readonly id: string;
  readonly load: readonly number[];
  readonly generation: readonly number[];
}

/** What energy costs and earns outside, per unit. */
export interface OutsideTerms {
  readonly retail: number;
  readonly feedIn: number;
  /** Grid's emissions per unit imported, of each slot; absent: none counted. */
  readonly intensity?: readonly number[] | undefined;
}

const MAX_CELLS = 50_000;

/** @throws GAME_PLAYERS, DESIGN_SIZE unless all series have one length, GAME_PARAMETER unless all is a number ≥ 0 */
export function requireHorizon(members: readonly HorizonMember[], terms: OutsideTerms, most: number): void {
  requirePlayers(
    members.map(({ id }) => id),
    1,
    most,
  );
  requireNumber('retail', terms.retail, { least: 0 });
  requireNumber('feedIn', terms.feedIn, { least: 0 });
  const slots = members[0]!.load.length;
  const { intensity = members[0]!.load } = terms;
  const series = [...members.flatMap(({ load, generation }) => [load, generation]), intensity];
  if (slots === 0 || slots * members.length > MAX_CELLS || series.some(({ length }) => length !== slots)) {
    throw new DomainError(
      'DESIGN_SIZE',
      `expected series of one length, at most ${MAX_CELLS} values of load, got others`,
    );
  }
  for (const values of series) for (const value of values) requireNumber('a series', value, { least: 0 });
}
