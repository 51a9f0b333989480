/** Decimals of a currency's unit, as the browser knows them; 2 where it knows no such currency, which the platform then refuses. */
export function digitsOf(currency: string): number {
  if (!/^[A-Za-z]{3}$/.test(currency)) return 2;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
