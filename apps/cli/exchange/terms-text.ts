import { currencyDigits, labelsOf, parsePolicy, parsePriceModel } from '#exchange';

/** An amount in the units people write: 1250 of EUR is 12.50 EUR. */
export function moneyText(minor: number, currency: string): string {
  const digits = currencyDigits(currency) ?? 0;
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = digits === 0 ? '' : `.${text.slice(text.length - digits)}`;
  return `${minor < 0 ? '-' : ''}${whole}${fraction} ${currency}`;
}

/** A price model in words. @throws as parsePriceModel */
export function priceText(document: unknown): string {
  const price = parsePriceModel(document);
  switch (price.kind) {
    case 'free':
      return 'free of charge';
    case 'flat':
      return `${moneyText(price.amountMinor, price.currency)} once`;
    case 'perReading':
      return `${moneyText(price.amountMinor, price.currency)} for ${price.readings} readings`;
    case 'subscription':
      return `${moneyText(price.amountMinor, price.currency)} every ${price.period}`;
    case 'revenueShare':
      return `${price.basisPoints / 100} % of the buyer's revenue, in ${price.currency}`;
  }
}

export const validityText = (from: string, until: string | null): string =>
  until === null ? `from ${from}, without an end` : `from ${from} until ${until}, exclusive`;

/** Terms in words, a line each with who enforces it. @throws as parsePolicy */
export const termsText = (policy: unknown): string[] =>
  labelsOf(parsePolicy(policy)).map(({ label, text }) => `${label.padEnd(11)}  ${text}`);
