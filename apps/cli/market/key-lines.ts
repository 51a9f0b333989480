import type { ShareResult } from '#studies';

/** A line a key, for people. */
export const keyLines = (result: ShareResult): string =>
  Object.entries(result)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join('\n');
