import { RESILIENCE_LIMITS, simulateResilience } from '#devices';
import { z } from 'zod';
import { identifier } from './decimal-schema.ts';
import { number } from './device-input.ts';
import { noOptions, type Study } from './study.ts';

const resilienceInput = z.strictObject({
  unit: z.string().max(20).default('kWh').describe('of every quantity; values and limits are per that unit'),
  traders: z
    .array(
      z.strictObject({
        id: identifier,
        side: z.enum(['buy', 'sell']),
        quantity: number,
        value: number.describe('worth of a unit to a buyer, its cost to a seller'),
        fallback: z
          .strictObject({ quantity: number, limit: number })
          .optional()
          .describe('position declared beforehand, which stands where no order arrives'),
      }),
    )
    .max(RESILIENCE_LIMITS.traders),
  lossRates: z.array(number).min(1).max(50).default([0, 0.05, 0.1, 0.2, 0.5]),
  meanDelaysSeconds: z.array(number).min(1).max(50).default([0]),
  gateSeconds: number.default(60).describe('from sending to the gate; what comes later is late'),
  runs: z.int().min(1).max(RESILIENCE_LIMITS.runs).default(200),
  seed: z.string().max(200).default(''),
});

type ResilienceInput = z.infer<typeof resilienceInput>;

export interface ResilienceResult extends Pick<ResilienceInput, 'unit' | 'gateSeconds' | 'runs' | 'seed'> {
  /** Welfare when every message arrives. */
  readonly best: number;
  readonly outcomes: readonly {
    readonly lossRate: number;
    readonly meanDelaySeconds: number;
    readonly arrived: number;
    readonly welfare: number;
    readonly welfareWithout: number;
  }[];
}

/** `market resilience`. */
export const resilienceStudy: Study<ResilienceInput, object, ResilienceResult> = {
  verb: 'resilience',
  method: null,
  title: 'welfare against loss and delay of messages, with positions declared beforehand',
  input: resilienceInput,
  options: noOptions,
  run({ unit, traders, lossRates, meanDelaysSeconds, gateSeconds, runs, seed }, _options, { progress }) {
    const channels = meanDelaysSeconds.flatMap((meanDelaySeconds) =>
      lossRates.map((lossRate) => ({ lossRate, meanDelaySeconds, gateSeconds })),
    );
    const onChannel = (done: number): void =>
      progress({ share: done / channels.length, text: `${done} of ${channels.length} channels` });
    const { best, outcomes } = simulateResilience(
      traders.map(({ quantity, value, fallback, ...trader }) => ({
        ...trader,
        quantityKwh: quantity,
        valuePerKwh: value,
        ...(fallback === undefined
          ? {}
          : { fallback: { quantityKwh: fallback.quantity, limitPerKwh: fallback.limit } }),
      })),
      channels,
      { runs, seed, onChannel },
    );
    const rows = outcomes.map(({ channel, ...means }) => ({
      lossRate: channel.lossRate,
      meanDelaySeconds: channel.meanDelaySeconds,
      ...means,
    }));
    return { unit, gateSeconds, runs, seed, best, outcomes: rows };
  },
};
