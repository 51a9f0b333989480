import { DomainError, apportion, repeatedName } from '#core';

/** What one member brings to the bargain. */
export interface BargainingMember {
  readonly id: string;
  /** c_i⁰ − c_i: what its own costs fall by before any payment; negative where sharing costs it something. */
  readonly saving: number;
  /** α_i > 0; the aggregator's power is 1. */
  readonly alpha: number;
}

export interface NashBargain {
  /** S = (r − r⁰) + Σ (c_i⁰ − c_i). */
  readonly totalSurplus: number;
  /** π_i from the aggregator to member i, in the order of the members; negative where the member pays. */
  readonly payments: readonly number[];
  /** c_i⁰ − c_i + π_i = α_i/(1+Σα)·S. */
  readonly memberNet: readonly number[];
  /** r − r⁰ − Σπ = S/(1+Σα). */
  readonly aggregatorNet: number;
  /** log of the objective (1); −∞ where there is no surplus. */
  readonly logNashProduct: number;
}

const MAX_MEMBERS = 100_000;

/**
 * Generalised Nash bargaining between an aggregator and its members with transferable payments: for given operation X it
 * maximises (r − r⁰ − Σπ)·Π(c_i⁰ − c_i + π_i)^α_i over π, each factor ≥ 0. The first-order conditions make every net gain
 * proportional to its power, so X itself maximises S (a dispatch problem), and π follows in closed form.
 * Source: Wu et al., Sharing Economy in Local Energy Markets, eq. (1)–(4); Nash 1950; Harsanyi & Selten 1972 (powers).
 * @throws BARGAIN_POWER for α ≤ 0, BARGAIN_INFEASIBLE where S < 0: apart they are better off, BARGAIN_INPUT
 */
export function nashBargain(aggregatorGain: number, members: readonly BargainingMember[]): NashBargain {
  requireMembers(members);
  const totalSurplus = sumOf([
    requireNumber('aggregator gain', aggregatorGain),
    ...members.map((m) => m.saving),
  ]);
  requireSurplus(totalSurplus);
  const unit = totalSurplus / (1 + sumOf(members.map(({ alpha }) => alpha)));
  const memberNet = members.map(({ alpha }) => alpha * unit);
  return {
    totalSurplus,
    payments: members.map(({ saving }, i) => memberNet[i]! - saving),
    memberNet,
    aggregatorNet: unit,
    logNashProduct: Math.log(unit) + sumOf(members.map(({ alpha }, i) => alpha * Math.log(memberNet[i]!))),
  };
}

/** A bargain in integer minor units that conserves the surplus to the last one. */
export interface SettledBargain {
  readonly totalSurplus: bigint;
  readonly payments: readonly bigint[];
  readonly memberNet: readonly bigint[];
  readonly aggregatorNet: bigint;
}

/** Powers enter as multiples of this, so that equal powers get equal shares on every machine. */
const POWER_UNITS = 1e9;

/**
 * The same bargain over whole minor units: net gains by largest remainder, members before the aggregator at equal
 * remainders. `savings` and the gain are integers. @throws as nashBargain
 */
export function settleNashBargain(
  aggregatorGain: bigint,
  members: readonly { readonly id: string; readonly saving: bigint; readonly alpha: number }[],
): SettledBargain {
  requireMembers(members.map(({ id, alpha }) => ({ id, alpha, saving: 0 })));
  const totalSurplus = members.reduce((sum, { saving }) => sum + saving, aggregatorGain);
  requireSurplus(totalSurplus);
  const powers = members.map(({ alpha }) => BigInt(Math.max(1, Math.round(alpha * POWER_UNITS))));
  const nets = apportion(totalSurplus, [...powers, BigInt(POWER_UNITS)]);
  const memberNet = nets.slice(0, -1);
  return {
    totalSurplus,
    payments: members.map(({ saving }, i) => memberNet[i]! - saving),
    memberNet,
    aggregatorNet: nets.at(-1)!,
  };
}

function requireMembers(members: readonly BargainingMember[]): void {
  if (members.length < 1 || members.length > MAX_MEMBERS) {
    throw new DomainError(
      'BARGAIN_INPUT',
      `expected between 1 and ${MAX_MEMBERS} members, got ${members.length}`,
      members.length > MAX_MEMBERS ? 'limit' : 'invalid',
    );
  }
  const twice = repeatedName(members.map(({ id }) => id));
  if (twice !== undefined) {
    throw new DomainError('BARGAIN_INPUT', `expected each member once, got ${twice} twice`);
  }
  for (const { id, saving, alpha } of members) {
    requireNumber(`saving of ${id}`, saving);
    if (!(alpha > 0 && alpha <= 1e6)) {
      throw new DomainError(
        'BARGAIN_POWER',
        `expected a market power above 0 and at most 10^6 of ${id}, got ${alpha}`,
        'invalid',
        { member: id },
      );
    }
  }
}

function requireNumber(what: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new DomainError('BARGAIN_INPUT', `expected a finite ${what}, got ${value}`);
}

function requireSurplus(surplus: number | bigint): void {
  if (surplus >= 0) return;
  throw new DomainError(
    'BARGAIN_INFEASIBLE',
    `expected a surplus of at least 0 to share, got ${surplus}: no coalition forms`,
    'conflict',
    { totalSurplus: Number(surplus) },
  );
}

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
