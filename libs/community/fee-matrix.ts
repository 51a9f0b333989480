import type { Decimal } from 'decimal.js';
import { DomainError } from '#core';
import { Exact, ZERO, portion, sum } from './exact.ts';
import { type FeeKind, type FeePath, requireFee } from './grid-fees.ts';
import type { Pricing } from './pricing.ts';

/** A market, its fee and the market above it; the top has none. */
export interface FeeNode {
  readonly market: string;
  readonly fee: Decimal.Value;
  readonly parent?: string | undefined;
}

/** Fee of energy from a seller's zone to a buyer's: `fees[seller][buyer]`. */
export interface FeeMatrix {
  readonly kind: FeeKind;
  readonly fees: Readonly<Record<string, Readonly<Record<string, Decimal.Value>>>>;
}

/** Seller's market up to the lowest common one and down to the buyer's. @throws FEE_TREE for a loop, an unknown market or two tops */
export function feePath(tree: readonly FeeNode[], seller: string, buyer: string): FeePath {
  const nodes = new Map(tree.map((node) => [node.market, node]));
  if (nodes.size !== tree.length) throw treeError('each market once');
  const up = ascent(nodes, seller);
  const down = ascent(nodes, buyer);
  const meeting = up.findIndex(({ market }) => down.some((node) => node.market === market));
  if (meeting === -1) throw treeError('a market above both seller and buyer');
  const below = down.slice(
    0,
    down.findIndex(({ market }) => market === up[meeting]!.market),
  );
  return [...up.slice(0, meeting + 1), ...below.toReversed()];
}

function ascent(nodes: ReadonlyMap<string, FeeNode>, from: string): FeeNode[] {
  const way: FeeNode[] = [];
  for (let at: string | undefined = from; at !== undefined;) {
    const node = nodes.get(at);
    if (node === undefined) throw treeError('known markets only');
    if (way.includes(node)) throw treeError('no loop');
    way.push(node);
    at = node.parent;
  }
  return way;
}

const treeError = (expected: string): DomainError =>
  new DomainError('FEE_TREE', `expected ${expected}, got another hierarchy`);

/** The matrix a hierarchy comes to: the sum of all fees on the way, a zone's own fee for energy that stays in it. */
export function hierarchyMatrix(
  kind: FeeKind,
  tree: readonly FeeNode[],
  zones: readonly string[],
): FeeMatrix {
  const between = (seller: string, buyer: string): Decimal =>
    sum(feePath(tree, seller, buyer).map(({ fee }) => requireFee(fee)));
  return {
    kind,
    fees: Object.fromEntries(
      zones.map((seller) => [
        seller,
        Object.fromEntries(zones.map((buyer) => [buyer, between(seller, buyer)])),
      ]),
    ),
  };
}

/** One buyer's grid fee for what it took from the community. */
export interface MemberFee {
  readonly id: string;
  readonly fee: Decimal;
}

/**
 * Grid fees of one priced slot: each buyer takes from each seller pro rata of what it sold, and pays the fee between
 * their zones on it, a unit or as a ratio of the price paid inside. On top of the bills, to the grid's operator.
 * @throws FEE_ZONE where a member has no zone or two zones have no fee; FEE_MALFORMED
 */
export function sharedEnergyFees(
  { bills, poolPrice }: Pick<Pricing, 'bills' | 'poolPrice'>,
  zoneOf: Readonly<Record<string, string>>,
  matrix: FeeMatrix,
): MemberFee[] {
  const soldFrom = new Map<string, Decimal>();
  for (const { id, sold } of bills) {
    if (sold.isZero()) continue;
    const zone = requireZoneOf(zoneOf, id);
    soldFrom.set(zone, (soldFrom.get(zone) ?? ZERO).plus(sold));
  }
  const all = sum([...soldFrom.values()]);
  const base = matrix.kind === 'constant' ? new Exact(1) : Exact.max(0, poolPrice);
  return bills.map(({ id, bought }) => {
    if (bought.isZero()) return { id, fee: ZERO };
    const zone = requireZoneOf(zoneOf, id);
    const parts = [...soldFrom].map(([from, sold]) =>
      portion(bought, sold, all)
        .times(feeBetween(matrix, from, zone))
        .times(base),
    );
    return { id, fee: sum(parts) };
  });
}

function requireZoneOf(zoneOf: Readonly<Record<string, string>>, id: string): string {
  const zone = Object.hasOwn(zoneOf, id) ? zoneOf[id] : undefined;
  if (zone !== undefined) return zone;
  throw new DomainError('FEE_ZONE', 'expected a zone of every member that shares, got none', 'invalid', {
    member: id,
  });
}

function feeBetween({ fees }: FeeMatrix, seller: string, buyer: string): Decimal {
  const row = Object.hasOwn(fees, seller) ? fees[seller] : undefined;
  const fee = row !== undefined && Object.hasOwn(row, buyer) ? row[buyer] : undefined;
  if (fee !== undefined) return requireFee(fee);
  throw new DomainError('FEE_ZONE', 'expected a fee between every two zones, got none', 'invalid', {
    seller,
    buyer,
  });
}
