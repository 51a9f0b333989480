import { HOUR_MS } from '#core';
import { certificateStatement } from '#market';
import {
  type StorageEquilibrium,
  empiricalStorageEquilibrium,
  gaussianStorageEquilibrium,
  leaseStorage,
  shareStorage,
} from '#sharing';
import type { z } from 'zod';
import { byName, type ShareResult } from './share-result.ts';
import {
  type StorageCoreInput,
  type StorageEquilibriumInput,
  type StorageLeaseInput,
  storageCoreInput,
  storageEquilibriumInput,
  storageLeaseInput,
} from './storage-input.ts';
import { noOptions, type Study } from './study.ts';

export const STORAGE_METHODS = ['core', 'equilibrium', 'lease'] as const;

export type StorageMethod = (typeof STORAGE_METHODS)[number];

const storage = <Input>(
  method: StorageMethod,
  title: string,
  input: z.ZodType<Input>,
  run: (input: Input) => ShareResult,
): Study<Input, object, ShareResult> => ({ verb: 'storage', method, title, input, options: noOptions, run });

const STORAGES = {
  core: storage(
    'core',
    'what a community with shared storage pays, and an allocation nobody gains by leaving',
    storageCoreInput,
    storageCore,
  ),
  equilibrium: storage(
    'equilibrium',
    'how much each firm builds',
    storageEquilibriumInput,
    storageEquilibrium,
  ),
  lease: storage('lease', 'capacity above its owners’ reserve at one price', storageLeaseInput, storageLease),
} satisfies Record<StorageMethod, unknown>;

/** `market storage` by each method. */
export const storageStudy = (method: StorageMethod): Study<unknown, object, ShareResult> => STORAGES[method];

export function storageCore({ members, pricePeak, priceOffPeak }: StorageCoreInput): ShareResult {
  const shared = shareStorage(members, { peak: pricePeak, offPeak: priceOffPeak });
  const names = members.map(({ id }) => id);
  return {
    alone: byName(names, shared.alone),
    coalition: shared.coalition,
    allocation: byName(names, shared.allocation),
    saving: shared.saving,
  };
}

export function storageEquilibrium(input: StorageEquilibriumInput): ShareResult {
  const found = equilibriumOf(input);
  const names = input.members.map(({ id }) => id);
  return {
    serviceLevel: found.serviceLevel,
    // Capacities here: what each would build alone, all together, and each of that.
    alone: byName(names, found.alone),
    coalition: found.collectiveCapacity,
    allocation: byName(names, found.capacities),
    nonDecreasing: Object.fromEntries(names.map((name, k) => [name, found.nonDecreasing[k]])),
  };
}

function equilibriumOf(input: StorageEquilibriumInput): StorageEquilibrium {
  const prices = { peak: input.pricePeak, offPeak: input.priceOffPeak };
  if ('covariance' in input) {
    const mean = input.members.map((member) => member.mean);
    return gaussianStorageEquilibrium({ mean, covariance: input.covariance }, prices, input.priceStorage);
  }
  const count = Math.max(0, ...input.members.map(({ days }) => days.length));
  // A series that is too short leaves NaN, which is refused.
  const days = Array.from({ length: count }, (_, d) => input.members.map((member) => member.days[d] ?? NaN));
  return empiricalStorageEquilibrium(days, prices, input.priceStorage, input.neighbours);
}

function storageLease({ lots, requests }: StorageLeaseInput): ShareResult {
  const { trades, quantityWh, pricePerMwh, keptWh, certificate } = leaseStorage(
    { startMs: 0, endMs: HOUR_MS },
    lots,
    requests,
  );
  return {
    leases: trades.map(({ buyOrder, sellOrder, quantityWh: capacityWh }) => ({
      request: buyOrder,
      lot: sellOrder,
      capacityWh,
    })),
    capacityWh: quantityWh,
    pricePerMwh,
    keptWh: byName(
      lots.map(({ id }) => id),
      keptWh,
    ),
    certificate: certificateStatement(certificate),
  };
}
