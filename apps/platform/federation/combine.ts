import { type Bytes, sha256Hex } from '#core';
import { thresholdAggregator } from '#encryption';
import { chunkCount, decodeSums, type TaskState } from '#federation';
import { fitRidge, modelBytes } from '#forecasting';

export interface Released {
  /** The summed vector, float64 little-endian. */
  readonly aggregate: Bytes;
  readonly modelHash: string;
}

/**
 * Σ c0 + Σ d → rounding → slots → checksum → values → model, one upload in memory at a time.
 * @throws CHECKSUM_MISMATCH, CIPHERTEXT_MALFORMED and the codes of the fit.
 */
export async function combine(
  state: TaskState,
  readBlob: (sha256: string) => Promise<Uint8Array>,
): Promise<Released> {
  const { card } = state;
  const chunks = chunkCount(card.encryption);
  using aggregator = await thresholdAggregator(card.encryption);
  const split = (blob: Uint8Array): Bytes[] => {
    const bytes = new Uint8Array(blob);
    const size = bytes.length / chunks;
    return Array.from({ length: chunks }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  };
  let sums: Bytes[] = [];
  for (const { blob } of state.close!.uploads) {
    const upload = split(await readBlob(blob));
    sums = sums.length === 0 ? upload : sums.map((sum, i) => aggregator.add([sum, upload[i]!]));
  }
  const answers = await Promise.all(
    [...state.answers.values()].map(async ({ blob }) => split(await readBlob(blob))),
  );
  const slots = sums.map((sum, i) =>
    aggregator.combine(
      sum,
      answers.map((answer) => answer[i]!),
    ),
  );
  const values = decodeSums(slots, card.encryption);
  const fit = fitRidge(values, card.model);
  return { aggregate: float64Bytes(values), modelHash: await sha256Hex(modelBytes(fit, card.model)) };
}

function float64Bytes(values: Float64Array): Bytes {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => view.setFloat64(8 * i, value, true));
  return new Uint8Array(view.buffer);
}
