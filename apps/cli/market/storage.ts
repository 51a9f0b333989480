import { HOUR_MS } from '#core';
import { certificateStatement } from '#market';
import {
  type StorageEquilibrium,
  empiricalStorageEquilibrium,
  gaussianStorageEquilibrium,
  leaseStorage,
  shareStorage,
} from '#sharing';
import { z } from 'zod';
import { readInput } from '../input.ts';
import type { Output } from '../output.ts';
import { byName, renderKeys, type ShareResult } from './share-result.ts';
import type { StorageMethod } from './share-methods.ts';
import {
  type StorageCoreInput,
  type StorageEquilibriumInput,
  type StorageLeaseInput,
  storageCoreInput,
  storageEquilibriumInput,
  storageLeaseInput,
} from './storage-input.ts';

const SCHEMAS = { core: storageCoreInput, equilibrium: storageEquilibriumInput, lease: storageLeaseInput };

export function printStorageSchema(method: StorageMethod, output: Output): void {
  const schema = z.toJSONSchema(SCHEMAS[method], { io: 'input' });
  output.result(schema, JSON.stringify(schema, null, 2));
}

/** @throws the codes of readInput and of the method */
export async function storageFile(path: string, method: StorageMethod, output: Output): Promise<void> {
  const result = await storageOf(path, method);
  output.result(result, renderKeys(result));
}

async function storageOf(path: string, method: StorageMethod): Promise<ShareResult> {
  if (method === 'core') return storageCore(await readInput(path, storageCoreInput));
  if (method === 'lease') return storageLease(await readInput(path, storageLeaseInput));
  return storageEquilibrium(await readInput(path, storageEquilibriumInput));
}

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
