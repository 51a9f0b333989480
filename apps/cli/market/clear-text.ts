import type { ClearedBook } from '#studies';

/** A cleared book, for people. */
export function clearText(
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
