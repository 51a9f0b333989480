import { apportion, DomainError, isoInstant, toSafeInteger } from '#core';

/** Energy bought from one seller in one hour; its attributes travel with it. */
export interface TradedEnergy {
  readonly id: string;
  readonly intervalStartMs: number;
  readonly sellerId: string;
  readonly buyerId: string;
  readonly quantityWh: number;
}

/** What a seller's meter says it exported in one hour, less what has been attributed to buyers elsewhere already. */
export interface MeteredExport {
  readonly memberId: string;
  readonly intervalStartMs: number;
  readonly netExportWh: number;
  /** Wh of this export that earlier settlements have given away; absent: 0. */
  readonly alreadyAttributedWh?: number;
}

export interface Attribution<T extends TradedEnergy> {
  readonly trade: T;
  readonly attributedWh: number;
}

export interface AttributionResult<T extends TradedEnergy> {
  /** One for each trade whose seller's export is known, in the order of the trades. */
  readonly attributions: readonly Attribution<T>[];
  /** Sellers and hours without a metered export: nothing is attributed there, nothing is guessed. */
  readonly missing: readonly { readonly sellerId: string; readonly intervalStartMs: number }[];
}

/**
 * Gives each seller's delivered energy to its buyers: per seller and hour min(sold, exported), divided pro rata to the
 * traded quantities by largest remainder in Wh (ties to the smaller trade id). No Wh is attributed twice, and no more
 * than was exported, so a seller's own use behind its meter keeps its own attributes.
 * @throws ATTRIBUTION_INPUT for a repeated trade or export, or a quantity that is not an integer ≥ 0.
 */
export function attributeTrades<T extends TradedEnergy>(
  trades: readonly T[],
  exports: readonly MeteredExport[],
): AttributionResult<T> {
  const deliverable = indexExports(exports);
  const sales = groupSales(trades);
  const attributedWh = new Map<string, number>();
  const missing: { sellerId: string; intervalStartMs: number }[] = [];
  for (const [key, sold] of sales) {
    const exportedWh = deliverable.get(key);
    const { sellerId, intervalStartMs } = sold[0]!;
    if (exportedWh === undefined) missing.push({ sellerId, intervalStartMs });
    else divide(exportedWh, sold, attributedWh);
  }
  return {
    attributions: trades.flatMap((trade) => {
      const wh = attributedWh.get(trade.id);
      return wh === undefined ? [] : [{ trade, attributedWh: wh }];
    }),
    missing,
  };
}

const saleKey = (memberId: string, startMs: number): string => `${startMs} ${memberId}`;

function indexExports(exports: readonly MeteredExport[]): Map<string, bigint> {
  const deliverable = new Map<string, bigint>();
  for (const { memberId, intervalStartMs, netExportWh, alreadyAttributedWh = 0 } of exports) {
    const key = saleKey(memberId, intervalStartMs);
    if (deliverable.has(key)) throw inputError('one export of each member and hour', intervalStartMs);
    const free = wholeWh(netExportWh, intervalStartMs) - wholeWh(alreadyAttributedWh, intervalStartMs);
    deliverable.set(key, free < 0n ? 0n : free);
  }
  return deliverable;
}

function groupSales<T extends TradedEnergy>(trades: readonly T[]): Map<string, T[]> {
  if (new Set(trades.map(({ id }) => id)).size !== trades.length) {
    throw inputError('each trade once', trades[0]!.intervalStartMs);
  }
  const sales = new Map<string, T[]>();
  for (const trade of trades.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const key = saleKey(trade.sellerId, trade.intervalStartMs);
    const sold = sales.get(key);
    if (sold === undefined) sales.set(key, [trade]);
    else sold.push(trade);
  }
  return sales;
}

function divide(exportedWh: bigint, sold: readonly TradedEnergy[], attributedWh: Map<string, number>): void {
  const weights = sold.map(({ quantityWh, intervalStartMs }) => wholeWh(quantityWh, intervalStartMs));
  const soldWh = weights.reduce((sum, wh) => sum + wh, 0n);
  const shares = apportion(soldWh < exportedWh ? soldWh : exportedWh, weights);
  sold.forEach(({ id }, i) => attributedWh.set(id, toSafeInteger(shares[i]!)));
}

function wholeWh(wh: number, startMs: number): bigint {
  if (!Number.isSafeInteger(wh) || wh < 0) throw inputError('an energy in whole Wh ≥ 0', startMs);
  return BigInt(wh);
}

const inputError = (expected: string, startMs: number): DomainError =>
  new DomainError('ATTRIBUTION_INPUT', `expected ${expected}, got another at ${isoInstant(startMs)}`);
