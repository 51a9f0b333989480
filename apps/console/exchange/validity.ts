import { instant } from '../parts/format.ts';
import { messages } from '../parts/messages.ts';

/** When terms hold; null: without an end. */
export const validityText = (from: string, until: string | null | undefined): string =>
  until == null ? `${instant(from)}, ${messages.terms.noEnd}` : `${instant(from)} – ${instant(until)}`;
