import { DomainError } from '#core';
import { type TieRule } from './mechanism.ts';

/** @throws MARKET_OPTIONS unless k is a share */
export function requireK(k: number): void {
  if (!(k >= 0 && k <= 1)) throw new DomainError('MARKET_OPTIONS', `expected k within 0 and 1, got ${k}`);
}

/** @throws MARKET_OPTIONS */
export function requireTie(tie: TieRule): void {
  if (tie === 'pro-rata' || tie === 'time') return;
  throw new DomainError('MARKET_OPTIONS', `expected tie pro-rata or time, got ${String(tie)}`);
}
