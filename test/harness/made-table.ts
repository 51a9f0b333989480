/** Rows of a made table, unless told. */
export const HOURS = 24 * 60;

/** Five columns with a rhythm of their own and an echo that they share; negative values and blanks among them. */
export function madeTable(step: string, rows = HOURS, columns = 5): string {
  const minutes = Number(step);
  const noise = new Float64Array(columns);
  let state = 7;
  const lines = Array.from({ length: rows }, (_, i) => {
    const at = new Date(Date.UTC(2025, 0, 6) + i * minutes * 60_000)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ');
    const values = Array.from(noise, (before, c) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      noise[c] = 0.7 * before + state / 2 ** 30 - 1;
      const rhythm = (c + 1) * Math.sin((2 * Math.PI * i * minutes) / 1_440);
      return i % 97 === c ? '' : (rhythm + noise[c]).toFixed(4);
    });
    return [at, ...values].join(',');
  });
  const names = Array.from({ length: columns }, (_, c) => `zone ${c}`);
  return `${['date', ...names].join(',')}\n${lines.join('\n')}\n`;
}
