import fc from 'fast-check';
import { divideRefund, type Payment } from '#exchange';
import { paymentOf } from '../../apps/platform/payments/quote.ts';

/* What three wallets hold and owe, by the rules alone: what the book of wallets is compared with. */
export type Step =
  | { readonly kind: 'outside'; readonly who: number; readonly amountMinor: number }
  | {
      readonly kind: 'pay';
      readonly from: number;
      readonly to: number;
      readonly amountMinor: number;
      /** Of what the seller gets, to whoever is neither it nor the buyer. */
      readonly passed: number;
    }
  | { readonly kind: 'revoke'; readonly share: number };

const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const party = fc.integer({ min: 0, max: 2 });
export const STEP: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      who: party,
      amountMinor: fc.integer({ min: -500, max: 1_000 }).filter((amount) => amount !== 0),
    })
    .map((step) => ({ kind: 'outside' as const, ...step })),
  fc
    .record({ from: party, to: party, amountMinor: fc.integer({ min: 0, max: 700 }), passed: fraction })
    .filter(({ from, to }) => from !== to)
    .map((step) => ({ kind: 'pay' as const, ...step })),
  fraction.map((share) => ({ kind: 'revoke' as const, share })),
);

interface Debt {
  readonly debtor: number;
  readonly creditor: number;
  open: number;
}
/** What three wallets should hold and owe, oldest debt first. */
export interface Book {
  readonly wallets: number[];
  readonly debts: Debt[];
  fees: number;
}

/** Sales go to later parties only, and so debts to earlier ones. */
export const downwards = (step: Step): Step =>
  step.kind === 'pay' && step.from > step.to ? { ...step, from: step.to, to: step.from } : step;

export const third = ({ from, to }: { from: number; to: number }): number => 3 - from - to;

export const passedOf = ({ passed }: { passed: number }, { sellerMinor: [minor = 0] }: Payment): number =>
  Math.floor(minor * passed);

export const refundOf = ({ amountMinor }: { amountMinor: number }, share: number): Payment =>
  divideRefund(Math.floor(amountMinor * share), paymentOf(amountMinor));

export function refusalOf(step: Step, { wallets, debts }: Pick<Book, 'wallets' | 'debts'>): string {
  if (step.kind === 'revoke') return 'BOOKED';
  const [who, minor] = step.kind === 'pay' ? [step.from, step.amountMinor] : [step.who, -step.amountMinor];
  if (minor <= 0) return 'BOOKED';
  if (debts.some(({ debtor, open }) => debtor === who && open > 0)) return 'WALLET_DEBT_OPEN';
  return minor <= wallets[who]! ? 'BOOKED' : 'WALLET_INSUFFICIENT';
}

export function applied(book: Book, step: Exclude<Step, { kind: 'revoke' }>): void {
  const { wallets } = book;
  if (step.kind === 'outside') wallets[step.who]! += step.amountMinor;
  else {
    const payment = paymentOf(step.amountMinor);
    wallets[step.from]! -= payment.paidMinor;
    wallets[step.to]! += payment.sellerMinor[0]! - passedOf(step, payment);
    wallets[third(step)]! += passedOf(step, payment);
    book.fees += payment.feeMinor;
  }
  settled(book);
}

export function refunded(book: Book, { from, to }: { from: number; to: number }, refund: Payment): void {
  const due = refund.sellerMinor[0]!;
  const covered = Math.min(due, book.wallets[to]!);
  book.wallets[to]! -= covered;
  book.wallets[from]! += covered + refund.feeMinor;
  book.fees -= refund.feeMinor;
  if (covered < due) book.debts.push({ debtor: to, creditor: from, open: due - covered });
  settled(book);
}

/** One debt after the other, until who owes has nothing. */
function settled({ wallets, debts }: Book): void {
  const payable = debts.find(({ debtor, open }) => open > 0 && wallets[debtor]! > 0);
  if (payable === undefined) return;
  const minor = Math.min(payable.open, wallets[payable.debtor]!);
  wallets[payable.debtor]! -= minor;
  wallets[payable.creditor]! += minor;
  payable.open -= minor;
  settled({ wallets, debts, fees: 0 });
}
