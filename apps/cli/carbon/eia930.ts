import { gunzipSync } from 'node:zlib';
import { DomainError } from '#core';
import { parseEia930 } from '#tracing';
import { readInputFile } from '../input.ts';
import type { Output } from '../output.ts';

const MAX_FILE_BYTES = 64 * 2 ** 20;
const MAX_TABLE_BYTES = 512 * 2 ** 20;
const GZIP = [0x1f, 0x8b];

/** Prints the hours of a table as input of `carbon trace`, with the floors that its method was published with. */
export async function tellEia930(file: string, output: Output): Promise<void> {
  const bytes = await readInputFile(file, MAX_FILE_BYTES);
  const isZipped = GZIP.every((byte, i) => bytes[i] === byte);
  const hours = parseEia930(new TextDecoder().decode(isZipped ? unzipped(bytes) : bytes));
  const cleaning = { demandFloorMwh: 1, netGenerationFloorMwh: 1, fuelFloorMwh: 1 };
  const input = { hours, cleaning };
  output.result(input, JSON.stringify(input));
}

/** @throws FILE_TOO_LARGE, FILE_UNREADABLE */
function unzipped(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_TABLE_BYTES });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (reason === 'ERR_BUFFER_TOO_LARGE') {
      throw new DomainError(
        'FILE_TOO_LARGE',
        `expected at most ${MAX_TABLE_BYTES} bytes unzipped, got more`,
        'limit',
      );
    }
    throw new DomainError('FILE_UNREADABLE', `expected a gzip file, got ${reason}`, 'invalid', { reason });
  }
}
