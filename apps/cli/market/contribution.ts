import { styleText } from 'node:util';
import { canonicalJson, interval, type Json, parseInstant } from '#core';
import { hashEntry } from '#ledger';
import {
  type Contribution,
  CONTRIBUTION_FORM,
  contributionEntry,
  contributionHash,
  PRODUCT_KINDS,
} from '#market';
import { z } from 'zod';
import { ENTRY, INSTANT } from '../ledger/proof-schema.ts';
import { EXIT, type Output } from '../output.ts';
import type { FileVerb } from '../file-verb.ts';

const TEXT = z.string().max(1_000);
const COUNT = z.int().min(0);

const STATEMENT = z.strictObject({
  form: z.literal(CONTRIBUTION_FORM),
  session: TEXT,
  participant: TEXT,
  product: z.enum(PRODUCT_KINDS),
  version: z.int().min(1).describe('of the settlement'),
  interval: z.strictObject({ start: INSTANT, end: INSTANT }).describe('of delivery'),
  boughtWh: COUNT,
  soldWh: COUNT,
  tradedWh: COUNT.describe('net, slot by slot'),
  deviationWh: COUNT.describe('of tradedWh, not delivered as traded'),
  missing: COUNT.describe('traded slots without a statement'),
  givenWh: COUNT.describe('attributes passed on'),
  receivedWh: COUNT.describe('attributes received'),
  avoidedGrams: z.int().nullable(),
  dataRounds: COUNT,
});

const CERTIFICATE = z.strictObject({
  statement: STATEMENT.describe('what is certified'),
  entry: ENTRY.describe('of the ledger, as its holder reads it'),
});
type CertificateFile = z.infer<typeof CERTIFICATE>;

interface Check {
  readonly name: 'statement' | 'entry';
  readonly ok: boolean;
  readonly detail: string;
}

/** Tells whether the entry is sound and certifies the statement; exit code 1 where not. */
export const verifyContribution: FileVerb<CertificateFile> = {
  schema: CERTIFICATE,
  async run({ statement, entry }: CertificateFile, output: Output): Promise<void> {
    const hash = await contributionHash(contributionOf(statement));
    const checks = [checkStatement(statement, entry, hash), await checkEntry(entry)];
    const verified = checks.every(({ ok }) => ok);
    const accuracy = statement.tradedWh === 0 ? null : 1 - statement.deviationWh / statement.tradedWh;
    const result = { verified, id: hash, accuracy, entry: { index: entry.index, hash: entry.hash }, checks };
    output.result(result, render(verified, hash, checks));
    if (!verified) process.exitCode = EXIT.refused;
  },
};

function contributionOf({ form: _form, interval: { start, end }, ...facts }: CertificateFile['statement']): Contribution {
  return { ...facts, interval: interval(parseInstant(start), parseInstant(end)) };
} // prettier-ignore

function checkStatement(
  statement: CertificateFile['statement'],
  { type, reference, currency, memo, postings }: CertificateFile['entry'],
  hash: string,
): Check {
  const carried: Json = { type, reference, currency, memo, postings };
  const ok = canonicalJson(carried) === canonicalJson(contributionEntry(statement, hash));
  const { session, participant, version } = statement;
  const detail = ok
    ? `contribution of ${participant} to session ${session}, settlement ${version}`
    : `expected an entry that certifies ${hash} of ${participant}, got one of ${reference}`;
  return { name: 'statement', ok, detail };
}

async function checkEntry({ at, ...entry }: CertificateFile['entry']): Promise<Check> {
  const ok = (await hashEntry({ ...entry, atMs: parseInstant(at) })) === entry.hash;
  const detail = ok
    ? `entry ${entry.index}, hash ${entry.hash}`
    : 'expected an entry that hashes to its hash, got another';
  return { name: 'entry', ok, detail };
}

function render(verified: boolean, hash: string, checks: readonly Check[]): string {
  const lines = checks.map(
    ({ name, ok, detail }) =>
      `${ok ? styleText('green', '✓') : styleText('red', '✗')} ${name.padEnd(9)} ${detail}`,
  );
  const last = verified ? styleText('green', `verified, id ${hash}`) : styleText('red', 'NOT VERIFIED');
  return [...lines, last].join('\n');
}
