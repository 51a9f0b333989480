import { money, number } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';

interface Price {
  readonly kind?: string;
  readonly currency?: string;
  readonly amountMinor?: number;
  readonly readings?: number;
  readonly period?: string;
  readonly basisPoints?: number;
}

/** A price model in words; one that is not known as it is written, never as free. */
export function priceText(price: unknown): string {
  if (price === null || price === undefined) return messages.exchange.free;
  const { kind, currency = '', amountMinor, readings, period, basisPoints } = price as Price;
  const amount = () => money(amountMinor, currency);
  switch (kind) {
    case 'free':
      return messages.exchange.free;
    case 'flat':
      return `${amount()}, once`;
    case 'perReading':
      return `${amount()} for ${number(readings)} readings`;
    case 'subscription':
      return `${amount()} every ${periodText(period)}`;
    case 'revenueShare':
      return `${number((basisPoints ?? 0) / 100)} % of the buyer's revenue, ${currency}`;
    default:
      return JSON.stringify(price);
  }
}

/** One that is not known as it is written. */
export const periodText = (period: string | undefined): string => {
  const known: Readonly<Record<string, string>> = messages.terms.periods;
  return known[period ?? ''] ?? String(period);
};
