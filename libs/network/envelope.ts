import { DomainError, type LpSolve } from '#core';
import { limitName, violations } from './limit-check.ts';
import type { Network, Period } from './network.ts';
import { powerFlow } from './power-flow.ts';
import { dispatchRadial } from './radial-dispatch.ts';
import type { Control } from './radial-program.ts';
import { radialTree, type Tree } from './tree.ts';

/**
 * `equal`: the same limit for all, `weighted`: limits in proportion to weights (both up to each member's own capacity);
 * `maximal`: the largest weighted sum of limits, which favours members near the root.
 */
export type EnvelopeRule = 'equal' | 'weighted' | 'maximal';

/** A connection that is given an envelope; per unit. */
export interface EnvelopeMember {
  readonly bus: number;
  /** Of its connection; ∞ without one. */
  readonly maxImport: number;
  readonly maxExport: number;
  readonly weight: number;
}

/** Net active power of a member stays within −export … import, per unit. */
export interface Envelope {
  readonly import: number;
  readonly export: number;
}

/** Voltages and flows stay this far, per unit, inside their limits, so that rounding breaks none. */
const MARGIN = 1e-9;
/** Past this many pu for one member nothing in the network limits it. */
const UNBOUNDED = 1e4;
const BISECTIONS = 60;

/**
 * Dynamic operating envelopes of one period (Petrou, Procopiou, Gutierrez-Lagos, Liu, Ochoa, Langstaff & Theunissen 2021): ranges of net active
 * power at members' connections within which voltage and line limits hold whatever each member does; reactive power and
 * everybody else stay as they are. Consumption lowers voltages everywhere and adds to every flow from the root, so the
 * corners all-import and all-export are the worst of a feeder whose reactive losses are small; these, half way to them and
 * members against each other are checked by exact power flow, and all limits drawn in together until they hold.
 * @throws ENVELOPE_MEMBER, ENVELOPE_INFEASIBLE where limits are broken without any member, ENVELOPE_UNBOUNDED, NETWORK_MESHED
 */
export function operatingEnvelopes(
  network: Network,
  members: readonly EnvelopeMember[],
  rule: EnvelopeRule,
  solve: LpSolve,
): Envelope[][] {
  const tree = radialTree(network);
  requireMembers(network, members);
  requireLimits(network, members);
  return network.periods.map((period) => {
    const feeder = feederOf(tree, period, members);
    requireRoom(feeder);
    const imports = limitsOf(feeder, rule, 'import', solve);
    const exports = limitsOf(feeder, rule, 'export', solve);
    const net = (importing: (i: number) => boolean, share = 1): number[] =>
      members.map((_, i) => share * (importing(i) ? imports[i]! : -exports[i]!));
    const points = mixedPoints(members.length, net);
    const share = largestLevel((part) => points.every((point) => holds(feeder, scaled(point, part))), 1);
    return members.map((_, i) => ({ import: share * imports[i]!, export: share * exports[i]! }));
  });
}

function requireMembers({ buses, root }: Network, members: readonly EnvelopeMember[]): void {
  const seen = new Set<number>();
  for (const { bus, maxImport, maxExport, weight } of members) {
    const valid = maxImport >= 0 && maxExport >= 0 && weight > 0 && weight < Infinity;
    if (!valid || bus === root || seen.has(bus)) {
      const id = buses[bus]!.id;
      throw new DomainError(
        'ENVELOPE_MEMBER',
        `expected members at different buses other than the root, with capacities from 0 and a weight above 0, got ${id}`,
        'invalid',
        { bus: id },
      );
    }
    seen.add(bus);
  }
}

/** Without any limit voltage would have to collapse before a member is held back. @throws ENVELOPE_UNBOUNDED */
function requireLimits({ buses, lines }: Network, members: readonly EnvelopeMember[]): void {
  const limited =
    buses.some(({ vmin, vmax }) => vmin > 0 || vmax < Infinity) ||
    lines.some(({ limit }) => limit < Infinity);
  if (!limited && members.some(({ maxImport, maxExport }) => maxImport + maxExport === Infinity)) {
    throw unbounded();
  }
}

const unbounded = (): DomainError =>
  new DomainError(
    'ENVELOPE_UNBOUNDED',
    'expected a voltage limit, a line limit or a capacity for every member, got one that nothing limits',
    'conflict',
  );

interface MemberFeeder {
  readonly tree: Tree;
  readonly period: Period;
  readonly members: readonly EnvelopeMember[];
  /** Consumption of everybody else. */
  readonly others: { readonly p: Float64Array; readonly q: Float64Array };
}

function feederOf(tree: Tree, period: Period, members: readonly EnvelopeMember[]): MemberFeeder {
  const p = period.p.slice();
  for (const { bus } of members) p[bus] = 0;
  return { tree, period, members, others: { p, q: period.q } };
}

/** What breaks when members consume `net`; null where the feeder cannot carry it at all. */
function broken({ tree, members, others }: MemberFeeder, net: readonly number[]): string[] | null {
  const p = others.p.slice();
  members.forEach(({ bus }, i) => (p[bus]! += net[i]!));
  try {
    return violations(tree, powerFlow(tree, p, others.q), -MARGIN).map((violation) =>
      limitName(tree, violation),
    );
  } catch (error) {
    if (error instanceof DomainError && error.code === 'POWER_FLOW_DIVERGED') return null;
    throw error;
  }
}

const holds = (feeder: MemberFeeder, net: readonly number[]): boolean => broken(feeder, net)?.length === 0;

function requireRoom(feeder: MemberFeeder): void {
  const found = broken(
    feeder,
    feeder.members.map(() => 0),
  );
  if (found?.length === 0) return;
  const limits = (found ?? ['power flow']).slice(0, 20);
  throw new DomainError(
    'ENVELOPE_INFEASIBLE',
    `expected limits that hold while members exchange nothing, got ${limits.slice(0, 5).join('; ')} broken`,
    'conflict',
    { limits },
  );
}

/**
 * Both corners and half way to them, every member against all others, and one half of the members against the other in
 * log₂ n ways: reactive losses of large opposite flows cancel there and voltages may rise.
 */
function mixedPoints(
  count: number,
  net: (importing: (i: number) => boolean, share?: number) => number[],
): number[][] {
  const members = Array.from({ length: count }, (_, i) => i);
  const bits = Array.from({ length: Math.ceil(Math.log2(Math.max(2, count))) }, (_, bit) => 2 ** bit);
  return [true, false].flatMap((side) => [
    ...[1, 0.5].map((share) => net(() => side, share)),
    ...members.map((one) => net((i) => (i === one) === side)),
    ...bits.map((bit) => net((i) => Math.floor(i / bit) % 2 === (side ? 1 : 0))),
  ]);
}

type Direction = 'import' | 'export';

function limitsOf(feeder: MemberFeeder, rule: EnvelopeRule, direction: Direction, solve: LpSolve): number[] {
  const sign = direction === 'import' ? 1 : -1;
  const own = feeder.members.map((member) => (direction === 'import' ? member.maxImport : member.maxExport));
  if (rule === 'maximal') return maximal(feeder, own, sign, solve);
  const weights = feeder.members.map(({ weight }) => (rule === 'equal' ? 1 : weight));
  const at = (level: number): number[] => weights.map((weight, i) => Math.min(level * weight, own[i]!));
  const all = Math.max(...weights.map((weight, i) => own[i]! / weight));
  return at(largestLevel((level) => holds(feeder, scaled(at(level), sign)), all));
}

const scaled = (values: readonly number[], by: number): number[] => values.map((value) => value * by);

/** The largest level up to `most` that holds; 0 does. @throws ENVELOPE_UNBOUNDED */
function largestLevel(holdsAt: (level: number) => boolean, most: number): number {
  if (most < Infinity && holdsAt(most)) return most;
  let high = Math.min(most, 1);
  while (high < most && holdsAt(high)) {
    if (high > UNBOUNDED) throw unbounded();
    high = Math.min(most, 2 * high);
  }
  let low = 0;
  for (let i = 0; i < BISECTIONS; i += 1) {
    const middle = (low + high) / 2;
    if (holdsAt(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Optimal dispatch of members that produce at a value, within what each could do alone; then drawn in until it holds. */
function maximal(feeder: MemberFeeder, own: readonly number[], sign: number, solve: LpSolve): number[] {
  const { tree, members, others } = feeder;
  const alone = members.map((_, i) =>
    largestLevel(
      (level) =>
        holds(
          feeder,
          members.map((__, j) => (i === j ? sign * level : 0)),
        ),
      own[i]!,
    ),
  );
  const controls = members.map(({ bus, weight }, i): Control => {
    const ends = { lower: sign < 0 ? 0 : -alone[i]!, upper: sign < 0 ? alone[i]! : 0 };
    return { bus, kind: 'p', ...ends, cost: sign * weight };
  });
  const { x } = dispatchRadial({ tree, period: { ...others, price: 0 }, controls, model: 'exact', solve });
  const limits = [...x].map((value) => Math.abs(value));
  const share = largestLevel((part) => holds(feeder, scaled(limits, sign * part)), 1);
  return scaled(limits, share);
}
