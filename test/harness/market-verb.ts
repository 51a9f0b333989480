import { fileVerb } from './file-verb.ts';

/** `market …` on one JSON document. */
export const market = (verb: readonly string[], input: unknown): ReturnType<typeof fileVerb> =>
  fileVerb(['market', ...verb], input);
