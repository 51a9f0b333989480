import { MAX_KG_PER_KWH } from '#carbon';

/** Something the reader of a figure should know. */
export interface Flag {
  readonly code: string;
  readonly message: string;
}

export const flagged = (is: boolean, code: string, message: string): Flag[] =>
  is ? [{ code, message }] : [];

/** Intensities that no grid or plant has: grams under a wrong heading, or below nothing. */
export function suspectIntensities(kgPerKwh: Iterable<number>): Flag[] {
  let [suspect, first] = [0, Number.NaN];
  for (const value of kgPerKwh) {
    if (!(value > MAX_KG_PER_KWH || value < 0)) continue;
    if (suspect === 0) first = value;
    suspect += 1;
  }
  const expected = `expected 0 to ${MAX_KG_PER_KWH} kgCO2e/kWh`;
  const times = suspect === 1 ? '' : ` and ${suspect - 1} more`;
  return flagged(suspect > 0, 'INTENSITY_SUSPECT', `${expected}, got ${first}${times}: grams?`);
}
