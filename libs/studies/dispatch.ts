import type { LpSolve } from '#core';
import {
  type Carrier,
  type CarrierPrices,
  type Device,
  type DeviceMember,
  type DeviceTerms,
  type MemberDecision,
  dispatchAlone,
  dispatchTogether,
} from '#devices';
import { loadSolver } from '#optimization';
import { type DeviceInput, type DispatchInput, dispatchInput } from './device-input.ts';
import { noOptions, type Study, toldSolve } from './study.ts';

/** Keys of devices that may be one number for all slots. */
const SERIES = new Set([
  'availableKwh',
  'cop',
  'gainsKw',
  'maxCelsius',
  'maxKwh',
  'minCelsius',
  'minKwh',
  'outdoorCelsius',
  'trafficErlang',
  'wantedKwh',
]);

type SeriesInput = number | number[];

/** Slots, their length, unit and prices. */
type Times = Pick<DispatchInput, 'horizon' | 'resolution' | 'unit' | 'prices'>;

export const KWH_PER: Readonly<Record<DispatchInput['unit'], number>> = { Wh: 0.001, kWh: 1, MWh: 1_000 };

const spread = (value: SeriesInput, slots: number, factor = 1): number[] =>
  (typeof value === 'number' ? Array.from({ length: slots }, () => value) : value).map(
    (each) => each * factor,
  );

/** Series that are one number, spread over the slots, at any depth. */
function deviceOf(input: DeviceInput, slots: number): Device {
  const spreadKeys = (of: object): object =>
    Object.fromEntries(
      Object.entries(of).map(([key, value]) => {
        if (SERIES.has(key) && typeof value === 'number') return [key, spread(value, slots)];
        return [key, key === 'building' ? spreadKeys(value as object) : value];
      }),
    );
  return spreadKeys(input) as Device;
}

/** @returns the hours of an ISO 8601 duration of hours and minutes */
function slotHours(resolution: string): number {
  const [, hours = '0', minutes = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(resolution)!;
  return Number(hours) + Number(minutes) / 60;
}

export function termsOf({ horizon, resolution, unit, prices: { buy, sell, ...others } }: Times): DeviceTerms {
  const pricesOf = (
    of: {
      buy?: SeriesInput | undefined;
      sell?: SeriesInput | undefined;
    } = {},
  ): CarrierPrices => ({
    ...(of.buy === undefined ? {} : { buyPerKwh: spread(of.buy, horizon, 1 / KWH_PER[unit]) }),
    ...(of.sell === undefined ? {} : { sellPerKwh: spread(of.sell, horizon, 1 / KWH_PER[unit]) }),
  });
  const prices = Object.entries({ electricity: { buy, sell }, ...others }).map(
    ([carrier, of]) => [carrier, pricesOf(of)] as const,
  );
  return { slots: horizon, slotHours: slotHours(resolution), prices: Object.fromEntries(prices) };
}

export function memberOf(
  { load, pv, devices, ...member }: DispatchInput['members'][number],
  input: Times,
): DeviceMember {
  const { horizon, unit } = input;
  const byCarrier: Partial<Record<Carrier, SeriesInput>> =
    typeof load === 'number' || Array.isArray(load) ? { electricity: load } : load;
  const loads = Object.entries(byCarrier).map(
    ([carrier, value]) => [carrier, spread(value, horizon, KWH_PER[unit])] as const,
  );
  const roof: Device[] =
    pv === undefined ? [] : [{ id: 'pv', type: 'pv', availableKwh: spread(pv, horizon, KWH_PER[unit]) }];
  const { id, importKw, exportKw } = member;
  return {
    id,
    loadKwh: Object.fromEntries(loads),
    devices: [...roof, ...devices.map((device) => deviceOf(device, horizon))],
    ...(importKw === undefined ? {} : { importKw }),
    ...(exportKw === undefined ? {} : { exportKw }),
  };
}

interface MemberView extends Pick<MemberDecision, 'id' | 'devices' | 'energyCost' | 'deviceCost' | 'cost'> {
  /** By carrier, in the caller's unit: positive what it takes, negative what it gives. */
  readonly net: Readonly<Record<string, readonly number[]>>;
  /** Only in a community. */
  readonly costAlone?: number;
  readonly saving?: number;
}

export interface DispatchView {
  readonly unit: string;
  readonly mode: DispatchInput['mode'];
  readonly schedules: readonly MemberView[];
  readonly cost: number;
  /** Only in a community. */
  readonly costAlone?: number;
  /** Per unit: what a further unit of a carrier costs a member in each slot, and the community's price. */
  readonly duals: {
    readonly members: readonly { readonly id: string; readonly [carrier: string]: unknown }[];
    readonly community?: readonly number[];
  };
}

/** @throws the codes of dispatchAlone and dispatchTogether */
export function dispatchOf(input: DispatchInput, solve: LpSolve): DispatchView {
  const terms = termsOf(input);
  const members = input.members.map((member) => memberOf(member, input));
  const kwh = KWH_PER[input.unit];
  const alone = dispatchAlone(members, terms, solve);
  const together = input.mode === 'community' ? dispatchTogether(members, terms, solve) : undefined;
  const chosen = together ?? alone;
  return {
    unit: input.unit,
    mode: input.mode,
    schedules: chosen.members.map((decision, i) => ({
      ...viewOf(decision, kwh),
      ...(together === undefined
        ? {}
        : { costAlone: alone.members[i]!.cost, saving: alone.members[i]!.cost - decision.cost }),
    })),
    cost: chosen.cost,
    ...(together === undefined ? {} : { costAlone: alone.cost }),
    duals: {
      members: chosen.members.map(({ id, exchange }) => ({
        id,
        ...byCarrier(exchange, ({ marginalPerKwh }) => marginalPerKwh.map((price) => price * kwh)),
      })),
      ...(chosen.pricePerKwh === undefined
        ? {}
        : { community: chosen.pricePerKwh.map((price) => price * kwh) }),
    },
  };
}

const viewOf = ({ exchange, ...decision }: MemberDecision, kwh: number): MemberView => ({
  ...decision,
  net: byCarrier(exchange, ({ netKwh }) => netKwh.map((net) => net / kwh)),
});

const byCarrier = <T, R>(
  of: Readonly<Partial<Record<Carrier, T>>>,
  value: (each: T) => R,
): Record<string, R> =>
  Object.fromEntries(Object.entries(of).map(([carrier, each]) => [carrier, value(each)]));

/** `market dispatch`. */
export const dispatchStudy: Study<DispatchInput, object, DispatchView> = {
  verb: 'dispatch',
  method: null,
  title: 'cheapest use of members’ devices, alone or sharing',
  input: dispatchInput,
  options: noOptions,
  async run(input, _options, context) {
    const solver = await loadSolver();
    const programs = input.members.length + (input.mode === 'community' ? 1 : 0);
    return dispatchOf(input, toldSolve(solver, context, { all: programs }));
  },
};
