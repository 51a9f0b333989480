/** How a made-up firm uses electricity: kW by local hour, and what season, weekend and weather do to it. */
export interface FirmKind {
  readonly name: string;
  readonly baseKw: number;
  /** Added while it works, kW. */
  readonly workKw: number;
  /** Share of workKw at a local hour, 0 to 1; `day` is 0 (Monday) to 6. */
  readonly activity: (hour: number, day: number) => number;
  /** kW per kelvin below 15 °C and above 21 °C. */
  readonly heatingKwPerK: number;
  readonly coolingKwPerK: number;
  /** Peak power of its modules, kW; 0 without. */
  readonly pvKw: number;
  /** How much of its daily ups and downs it shares with its neighbours, 0 to 1. */
  readonly sharedShare: number;
}

/** Fewer leave some synthetic firms, whose rows are dirty as real ones are, no complete week to learn from. */
export const LEAST_SYNTHETIC_DAYS = 28;

/** Rises from 0 to 1 around `from` and falls around `to`, within about an hour. */
const shift = (hour: number, from: number, to: number) =>
  1 / (1 + Math.exp(-3 * (hour + 0.5 - from))) / (1 + Math.exp(3 * (hour + 0.5 - to)));

const isWeekday = (day: number) => day < 5;

export const FIRM_KINDS: readonly FirmKind[] = [
  {
    name: 'bakery',
    baseKw: 4,
    workKw: 28,
    activity: (hour, day) => (day === 6 ? 0.15 : shift(hour, 2, 9) + 0.3 * shift(hour, 9, 18)),
    heatingKwPerK: 0.1,
    coolingKwPerK: 0.5,
    pvKw: 45,
    sharedShare: 0.4,
  },
  {
    name: 'office',
    baseKw: 7,
    workKw: 32,
    activity: (hour, day) => (isWeekday(day) ? shift(hour, 7.5, 18) : 0.05),
    heatingKwPerK: 0.5,
    coolingKwPerK: 1.2,
    pvKw: 70,
    sharedShare: 0.6,
  },
  {
    name: 'school',
    baseKw: 5,
    workKw: 26,
    activity: (hour, day) => (isWeekday(day) ? shift(hour, 7, 15.5) + 0.1 * shift(hour, 16, 21) : 0.03),
    heatingKwPerK: 0.4,
    coolingKwPerK: 0.1,
    pvKw: 95,
    sharedShare: 0.5,
  },
  {
    name: 'supermarket',
    baseKw: 24,
    workKw: 26,
    activity: (hour, day) => (day === 6 ? 0.05 : shift(hour, 6.5, 21.5)),
    heatingKwPerK: 0.2,
    coolingKwPerK: 1.8,
    pvKw: 0,
    sharedShare: 0.5,
  },
  {
    name: 'workshop',
    baseKw: 3,
    workKw: 48,
    activity: (hour, day) =>
      isWeekday(day) ? shift(hour, 6, 15) : day === 5 ? 0.35 * shift(hour, 7, 12) : 0.01,
    heatingKwPerK: 0.3,
    coolingKwPerK: 0.2,
    pvKw: 110,
    sharedShare: 0.3,
  },
  {
    name: 'homes',
    baseKw: 6,
    workKw: 22,
    activity: (hour, day) =>
      0.55 * shift(hour, 6, 9) + (isWeekday(day) ? 0.25 : 0.5) * shift(hour, 10, 16) + shift(hour, 17, 22.5),
    heatingKwPerK: 1.1,
    coolingKwPerK: 0.2,
    pvKw: 0,
    sharedShare: 0.6,
  },
];
