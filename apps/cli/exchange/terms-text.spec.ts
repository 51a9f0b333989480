import { expect, it } from '@jest/globals';
import { moneyText, priceText } from './terms-text.ts';

it.each<[number, string, string]>([
  [1_250, 'EUR', '12.50 EUR'],
  [5, 'EUR', '0.05 EUR'],
  [-5, 'EUR', '-0.05 EUR'],
  [1_250, 'JPY', '1250 JPY'],
  [5, 'KWD', '0.005 KWD'],
])('%d minor units of %s are %s', (minor, currency, told) => {
  expect(moneyText(minor, currency)).toBe(told);
});

it.each<[object | null, string]>([
  [null, 'free of charge'],
  [{ kind: 'flat', currency: 'EUR', amountMinor: 1_250 }, '12.50 EUR once'],
  [{ kind: 'perReading', currency: 'EUR', amountMinor: 1, readings: 100 }, '0.01 EUR for 100 readings'],
  [{ kind: 'subscription', currency: 'EUR', amountMinor: 900, period: 'P1M' }, '9.00 EUR every P1M'],
  [{ kind: 'revenueShare', currency: 'EUR', basisPoints: 250 }, "2.5 % of the buyer's revenue, in EUR"],
])('a price in words: %j', (price, told) => {
  expect(priceText(price)).toBe(told);
});
