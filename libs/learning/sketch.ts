import { DomainError } from '#core';
import { randomSource } from './random.ts';

/**
 * A fixed random projection to `size` entries, scaled to length 1 (zeros for a zero update): each entry of the update is added
 * with a random sign to one random slot (Charikar et al. 2002), so that scalar products, and with them cosines between
 * updates, are kept in expectation with an error of about 1/√size. Entries lie within ± 1.
 * @throws SKETCH_SIZE_INVALID
 */
export function sketch(update: ArrayLike<number>, seed: number, size: number): Float64Array {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new DomainError('SKETCH_SIZE_INVALID', `expected a size of at least 1, got ${size}`);
  }
  const next = randomSource(seed);
  const out = new Float64Array(size);
  for (let i = 0; i < update.length; i += 1) {
    const draw = next();
    const slot = Math.floor(((draw >>> 1) / 2 ** 31) * size);
    out[slot]! += draw & 1 ? update[i]! : -update[i]!;
  }
  let squares = 0;
  for (const value of out) squares += value * value;
  const length = Math.sqrt(squares);
  return length === 0 ? out : out.map((value) => value / length);
}

/**
 * A site's addend to an encrypted sum over clusters: its sketch in the block of the cluster it stands in, 1 in that block's
 * last slot, zeros elsewhere; (size + 1)·clusters entries. The sum tells each cluster's mean direction and size, no site's.
 * @throws CLUSTER_INVALID
 */
export function clusterSlots(ownSketch: Float64Array, cluster: number, clusters: number): Float64Array {
  if (!Number.isSafeInteger(cluster) || cluster < 0 || cluster >= clusters) {
    throw new DomainError('CLUSTER_INVALID', `expected a cluster from 0 to ${clusters - 1}, got ${cluster}`);
  }
  const block = ownSketch.length + 1;
  const out = new Float64Array(block * clusters);
  out.set(ownSketch, block * cluster);
  out[block * cluster + ownSketch.length] = 1;
  return out;
}

/** Cosine between a site's sketch and a cluster's summed one; 0 where either is zero. */
export function similarity(a: Float64Array, b: Float64Array): number {
  let [product, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    product += a[i]! * b[i]!;
    ofA += a[i]! * a[i]!;
    ofB += b[i]! * b[i]!;
  }
  return ofA * ofB === 0 ? 0 : product / Math.sqrt(ofA * ofB);
}
