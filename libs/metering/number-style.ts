import { type Finding, Places } from './finding.ts';

/**
 * How a column writes its numbers. `288` beside `1.006` and no other decimals is a file whose point groups thousands
 * (1 006): the values are a thousandfold too small from 1 000 on, which the numbers alone would not show.
 */
export class NumberStyle {
  private largeIntegers = 0;
  private otherDecimals = 0;
  private readonly grouped = new Places();

  add(text: string, instant: number): void {
    if (/^[1-9]\d?\d?\.\d{3}$/.test(text)) this.grouped.add(instant, 0);
    else if (/^[1-9]\d{2}$/.test(text)) this.largeIntegers += 1;
    else if (text.includes('.') || text.length > 3) this.otherDecimals += 1;
  }

  findings(column: string): Finding[] {
    if (this.otherDecimals > 0 || this.largeIntegers === 0) return [];
    const { count } = this.grouped;
    const message = `${count} values look like thousands grouped by a point, beside whole numbers from 100 on`;
    return this.grouped.finding('UNIT_SUSPECT', 'severe', column, message);
  }
}
