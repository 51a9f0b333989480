import type { ClearedBook } from '#studies';
import { alignedRows } from './aligned-rows.ts';

/** A cleared book, for people; what was asked of its reasons below it. */
export function clearText(book: ClearedBook, { unit }: { readonly unit: string }): string {
  const outcome = outcomeText(book, { unit });
  return book.report === undefined ? outcome : `${outcome}\n\n${reportText(book.report)}`;
}

function outcomeText(
  { trades, charges, quantity, price, certificate }: ClearedBook,
  { unit }: { readonly unit: string },
): string {
  if (trades.length === 0) return `nothing clears: ${String(certificate['reason'])}`;
  const lines = trades.map(
    (trade) =>
      `  ${trade.buyOrder} ← ${trade.sellOrder}  ${trade.quantity} ${unit}${price === null ? priceText(trade) : ''}`,
  );
  const owed = charges.map(({ member, kind, amount }) => `  ${member} owes ${amount} (${kind})`);
  const head = price === null ? `${quantity} ${unit}` : `${quantity} ${unit} at ${price} per ${unit}`;
  return [head, ...lines, ...owed].join('\n');
}

const priceText = ({ buyPrice, sellPrice }: ClearedBook['trades'][number]): string =>
  buyPrice === sellPrice ? ` at ${buyPrice}` : ` at ${buyPrice} for the buyer, ${sellPrice} for the seller`;

const HEAD = ['interval', 'quantity', 'price', 'set by', 'supply worth', 'demand costs', 'last trade', 'unserved', 'unused']; // prettier-ignore

/** One line an interval. */
function reportText(report: NonNullable<ClearedBook['report']>): string {
  const rows = report.map((each) => [
    each.interval ?? '',
    each.quantity,
    each.price,
    each.reason ?? each.setBy,
    each.oneMore.supply,
    each.oneMore.demand,
    each.lastTrade,
    each.unservedDemand,
    each.unusedSupply,
  ]);
  const cells = [HEAD, ...rows].map((row) => row.map((value) => (value === null ? '–' : String(value))));
  return alignedRows(cells).join('\n');
}
