import { closeSync, openSync, readSync } from 'node:fs';
import type { Bytes } from '#core';
import { type Places, rangeOf, RunningSum } from '#encryption';

/** The same places of many ciphertexts, to be added up. */
export interface Addition {
  /** Files of the ciphertexts. */
  readonly paths: readonly string[];
  readonly places: Places;
}

/** Reads one file at a time, and of it these places only: memory does not grow with uploads, nor with their size. */
export function add({ paths, places }: Addition): Bytes {
  const { offset, bytes } = rangeOf(places);
  const sum = new RunningSum(places);
  const buffer = new Uint8Array(bytes);
  for (const path of paths) sum.add(buffer.subarray(0, readAt(path, buffer, offset)));
  return sum.bytes();
}

function readAt(path: string, buffer: Uint8Array, offset: number): number {
  const file = openSync(path, 'r');
  try {
    return readSync(file, buffer, 0, buffer.length, offset);
  } finally {
    closeSync(file);
  }
}
