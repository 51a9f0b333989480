const PER_THOUSAND = 3;

/** Whole grams as kilograms, exactly, thousands apart. */
export const kilograms = (grams: number): string => thousandths(String(grams));

/** Whole Wh as kWh, exactly, thousands apart. */
export const kilowattHours = (wh: string): string => thousandths(wh);

function thousandths(digits: string): string {
  const padded = digits.padStart(PER_THOUSAND + 1, '0');
  const whole = padded.slice(0, -PER_THOUSAND).replaceAll(/\B(?=(?:\d{3})+$)/g, ' ');
  return `${whole}.${padded.slice(-PER_THOUSAND)}`;
}

export const percent = (share: number): string => (100 * share).toFixed(1);
