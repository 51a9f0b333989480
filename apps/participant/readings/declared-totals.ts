import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DomainError } from '#core';
import { writeDurably } from '../node/durable-log.ts';
import { readJson } from '../node/site-directory.ts';

/** kWh a year by column of energy, as its owner knows them from elsewhere: a bill, a contract. */
export type DeclaredTotals = Readonly<Record<string, number>>;

const TOTALS = z.record(z.string().max(64), z.number().positive().max(1e12));

const fileOf = (dir: string): string => join(dir, 'declared-totals.json');

/** @throws FILE_NOT_JSON, TOTAL_INVALID */
export function declaredTotals(dir: string): DeclaredTotals {
  const file = fileOf(dir);
  if (!existsSync(file)) return {};
  const parsed = TOTALS.safeParse(readJson(file));
  if (parsed.success) return parsed.data;
  throw new DomainError('TOTAL_INVALID', `expected kWh above zero by column in ${file}, got something else`);
}

/** Keeps what was declared before of other columns. @throws FILE_NOT_JSON, TOTAL_INVALID */
export function declareTotals(dir: string, totals: DeclaredTotals): DeclaredTotals {
  const all = { ...declaredTotals(dir), ...totals };
  if (Object.keys(totals).length > 0) writeDurably(fileOf(dir), JSON.stringify(all, null, 2));
  return all;
}

/** `4200` of `load_kwh`, or `pv_kwh=5000`. @throws TOTAL_INVALID */
export function parseTotals(texts: readonly string[]): DeclaredTotals {
  return Object.fromEntries(
    texts.map((text) => {
      const [, column = 'load_kwh', kwh] =
        /^(?:([a-z][a-z0-9_]{0,59}_kwh)=)?(\d{1,12}(?:\.\d{1,6})?)$/.exec(text) ?? [];
      if (Number(kwh) > 0) return [column, Number(kwh)];
      const got = JSON.stringify(text.slice(0, 80));
      throw new DomainError('TOTAL_INVALID', `expected kWh above zero, or <column>_kwh=<kWh>, got ${got}`);
    }),
  );
}
