import { DomainError } from '#core';
import { continuousDoubleAuction } from './continuous-double-auction.ts';
import { demandCurves } from './demand-curve-orders.ts';
import { mcAfee } from './mcafee.ts';
import { type Mechanism } from './mechanism.ts';
import { mudaLottery, mudaVickrey } from './muda.ts';
import { p2pBilateral } from './p2p-bilateral.ts';
import { payAsBid, payAsLimit } from './pay-as-bid.ts';
import { sbbTradeReduction } from './sbb-trade-reduction.ts';
import { tradeReduction } from './trade-reduction.ts';
import { uniformPrice } from './uniform-price.ts';
import { vcg } from './vcg.ts';

/** Every order-based mechanism, in the order in which they are shown. */
export const MECHANISMS: readonly Mechanism[] = [
  uniformPrice,
  payAsBid,
  payAsLimit,
  vcg,
  mcAfee,
  tradeReduction,
  sbbTradeReduction,
  mudaVickrey,
  mudaLottery,
  continuousDoubleAuction,
  p2pBilateral,
  demandCurves,
];

/** @throws MECHANISM_UNKNOWN */
export function mechanismNamed(name: string): Mechanism {
  const found = MECHANISMS.find((mechanism) => mechanism.name === name);
  if (found) return found;
  const known = MECHANISMS.map((mechanism) => mechanism.name);
  throw new DomainError(
    'MECHANISM_UNKNOWN',
    `expected a mechanism of ${known.join(', ')}, got ${name}`,
    'not-found',
    { known },
  );
}
