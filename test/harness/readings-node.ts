import { fixedClock, HOUR_MS } from '#core';
import type { SiteNode } from '../../apps/participant/node/node.ts';

/** A node with the hourly readings of `columns` from `startMs` on, and nothing else: it has metered all of them. */
export const readingsNode = (columns: Readonly<Record<string, Float64Array>>, startMs: number): SiteNode =>
  ({
    readings: {
      columns: async () => Object.keys(columns),
      regular: async (column: string, span: { startMs: number; endMs: number }) => ({
        startMs: span.startMs,
        resolutionMs: HOUR_MS,
        values: columns[column]!.slice((span.startMs - startMs) / HOUR_MS, (span.endMs - startMs) / HOUR_MS),
      }),
    },
    clock: fixedClock(Number.MAX_SAFE_INTEGER),
  }) as unknown as SiteNode;
