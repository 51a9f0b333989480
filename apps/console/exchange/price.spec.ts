import { describe, expect, it } from '@jest/globals';
import { priceText } from './price.ts';

describe('a price in words', () => {
  it.each([
    [null, 'free of charge'],
    [{ kind: 'free' }, 'free of charge'],
    [{ kind: 'flat', currency: 'EUR', amountMinor: 1_250 }, '€12.50, once'],
    [{ kind: 'flat', currency: 'JPY', amountMinor: 1_250 }, '¥1,250, once'],
    [{ kind: 'perReading', currency: 'EUR', amountMinor: 5, readings: 1_000 }, '€0.05 for 1,000 readings'],
    [{ kind: 'subscription', currency: 'EUR', amountMinor: 900, period: 'P1M' }, '€9.00 every month'],
    [{ kind: 'subscription', currency: 'EUR', amountMinor: 900, period: 'P2W' }, '€9.00 every P2W'],
    [{ kind: 'revenueShare', currency: 'EUR', basisPoints: 250 }, "2.5 % of the buyer's revenue, EUR"],
  ])('says %j', (price, text) => {
    expect(priceText(price)).toBe(text);
  });

  it('never calls a model free that it does not know', () => {
    expect(priceText({ kind: 'auction' })).toBe('{"kind":"auction"}');
  });
});
