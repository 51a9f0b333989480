import { DomainError, quoted } from '#core';

/** Active codes of ISO 4217 by the digits of their minor unit; funds, metals and testing codes are no means of payment. */
const CODES_BY_DIGITS: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [
    2,
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK ' +
      'DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW ' +
      'KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN ' +
      'PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD ' +
      'TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG',
  ],
];

const DIGITS: ReadonlyMap<string, number> = new Map(
  CODES_BY_DIGITS.flatMap(([digits, codes]) => codes.split(' ').map((code) => [code, digits] as const)),
);

/** Digits of the minor unit; undefined for what is not an ISO 4217 currency. */
export const currencyDigits = (code: string): number | undefined => DIGITS.get(code);

/**
 * A decimal amount as integer minor units.
 * @throws CURRENCY_UNKNOWN, AMOUNT_INVALID for a negative amount, more digits than the currency has, or 10^15 minor units and more
 */
export function minorUnits(amount: string | number, currency: string): number {
  const digits = currencyDigits(currency);
  if (digits === undefined) {
    throw new DomainError(
      'CURRENCY_UNKNOWN',
      `expected a currency as in ISO 4217, such as EUR, got ${quoted(currency)}`,
    );
  }
  const parts = /^(?<whole>\d{1,15})(?:\.(?<fraction>\d{1,15}))?$/.exec(String(amount))?.groups;
  const fraction = (parts?.['fraction'] ?? '').replace(/0+$/, '');
  const minor = Number(`${parts?.['whole'] ?? ''}${fraction.padEnd(digits, '0')}`);
  if (parts === undefined || fraction.length > digits || minor >= 1e15) {
    throw new DomainError(
      'AMOUNT_INVALID',
      `expected an amount of ${currency} with ${digits} digits at most, got ${JSON.stringify(amount)}`,
    );
  }
  return minor;
}

/** Integer minor units with all digits of the currency: 500 EUR cents are `5.00`. */
export function amountText(minor: number, currency: string): string {
  const digits = currencyDigits(currency) ?? 0;
  const text = String(minor).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
