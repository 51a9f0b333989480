/** Kleene's strong three values: a permission needs TRUE, a prohibition is off only where FALSE. Ordered, so that and is the least, or the greatest. */
export const FALSE = 0;
export const UNKNOWN = 1;
export const TRUE = 2;
export type Truth = typeof FALSE | typeof UNKNOWN | typeof TRUE;

export const not = (truth: Truth): Truth => (2 - truth) as Truth;

export const truthOf = (holds: boolean): Truth => (holds ? TRUE : FALSE);

/** Exactly one is TRUE; two TRUE decide, whatever is UNKNOWN. */
export function xone(truths: readonly Truth[]): Truth {
  const [sure, open] = [TRUE, UNKNOWN].map((truth) => truths.filter((each) => each === truth).length);
  if (sure! > 1) return FALSE;
  return open! > 0 ? UNKNOWN : truthOf(sure === 1);
}
