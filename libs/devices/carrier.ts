/** What energy comes in; all in kWh, gas and hydrogen by their lower heating value. */
export const CARRIERS = ['electricity', 'heat', 'gas', 'hydrogen'] as const;
export type Carrier = (typeof CARRIERS)[number];
