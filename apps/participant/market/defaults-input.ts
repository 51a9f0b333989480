import { PRODUCT_KINDS, SLOT_MINUTES } from '#market';
import { z } from 'zod';

const whole = z
  .union([z.int(), z.string().regex(/^-?\d{1,15}$/, 'expected a whole number')])
  .transform(Number);
const time = z.string().regex(/^\d{2}:\d{2}$/, 'expected HH:MM');
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected YYYY-MM-DD');

const line = z.strictObject({
  from: time.describe('local time from which slots begin, inclusive'),
  until: time.describe('local time up to which slots begin, exclusive; 24:00 is the end of the day'),
  side: z.enum(['buy', 'sell']),
  quantityWh: whole.describe('of the order of each slot'),
  pricePerMwh: whole.describe('limit in minor units per MWh'),
});

/** Input of `participant order defaults declare`. */
export const defaultsInput = z.strictObject({
  declaration: z.string().describe('1–64 letters, digits, _ or -, unique among the participant’s own'),
  product: z.enum(PRODUCT_KINDS).default('energy').describe('any but flexibility'),
  resolutionMinutes: z
    .int()
    .refine((minutes) => SLOT_MINUTES.some((each) => each === minutes), `expected ${SLOT_MINUTES.join(', ')}`)
    .default(60)
    .describe('length of a slot'),
  zone: z.string().max(64).describe('IANA zone of the delivery days, as sessions have it'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected ISO 4217')
    .default('EUR'),
  firstDay: day.describe('first delivery day'),
  lastDay: day.describe('last delivery day, at most 366 in all'),
  orders: z.array(line).min(1).max(300).describe('at most 300 orders a day'),
});
