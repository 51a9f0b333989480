import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AnchorChain } from '#anchor';
import { generateSigningKey } from '#core';
import { recordDay, type SignedDay, signDay } from '#ledger';
import { run } from './harness/command-line.ts';
import { LocalChain } from './harness/local-chain.ts';

describe('gridcommons ledger with a contract that keeps anchors', () => {
  let directory: string;
  let chain: LocalChain;
  let contract: string;
  let key: string;
  let days: SignedDay[];
  let proofs: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-anchor-'));
    chain = await LocalChain.start();
    key = await chain.fundedKey(1);
    days = await threeDays();
    proofs = join(directory, 'ledger.proofs');
    await writeProofs(proofs, days);
  });

  afterAll(async () => {
    await chain.stop();
    await rm(directory, { recursive: true });
  });

  const deploy = async (text: string) => {
    const file = join(directory, 'anchor.key');
    await writeFile(file, text);
    return run(['ledger', 'deploy-anchor', '--rpc', chain.url, '--chain-key-file', file, '--json']);
  };

  const verify = async (...more: readonly string[]) => {
    const { exitCode, stdout, stderr } = await run([
      'ledger',
      'verify',
      '--input',
      proofs,
      ...more,
      '--json',
    ]);
    const verdict = stdout === '' ? null : (JSON.parse(stdout) as { verified: boolean; checks: object[] });
    return { exitCode, verdict, last: verdict?.checks.at(-1), stderr };
  };
  const byContract = () => verify('--rpc', chain.url, '--contract', contract);

  const anchor = async ({ day, root, hash }: SignedDay) => {
    const anchors = await AnchorChain.connect(chain.url, contract);
    await anchors.anchor(day, { root, head: hash }, key);
    anchors.close();
  };

  it('puts it on a chain, with a key from a file', async () => {
    const { exitCode, stdout } = await deploy(`${key}\n`);
    expect(exitCode).toBe(0);
    ({ contract } = JSON.parse(stdout) as { contract: string });
    expect(contract).toMatch(/^0x[0-9a-fA-F]{40}$/);
  });

  it('tells nothing of a key file that holds something else', async () => {
    const { exitCode, stderr } = await deploy('horse staple');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('ANCHOR_KEY_INVALID');
    expect(stderr).not.toContain('horse');
  });

  it('misses the days that were never anchored', async () => {
    const { exitCode, verdict, last } = await byContract();
    expect(exitCode).toBe(1);
    expect(verdict).toMatchObject({ verified: false });
    expect(last).toMatchObject({ name: 'anchors', ok: false, code: 'ANCHOR_MISSING' });
  });

  it('finds the days that were', async () => {
    await anchor(days[0]!);
    await anchor(days[1]!);
    const { exitCode, verdict, last } = await byContract();
    expect(exitCode).toBe(0);
    expect(verdict).toMatchObject({ verified: true });
    expect(last).toMatchObject({ name: 'anchors', ok: true, code: null });
    expect(last).toMatchObject({ detail: expect.stringContaining('2 of 3 days up to 2026-03-30') });
  });

  it('notices a ledger that is sound by itself and another than the anchored one', async () => {
    const other = await threeDays();
    await writeProofs(proofs, other);
    expect((await verify()).verdict).toMatchObject({ verified: true });
    const { exitCode, last } = await byContract();
    expect(exitCode).toBe(1);
    expect(last).toMatchObject({ name: 'anchors', ok: false, code: 'ANCHOR_MISMATCH' });
    await writeProofs(proofs, days);
  });

  it('does not verify against a chain that does not answer, or half an address', async () => {
    const silent = await verify('--rpc', 'http://127.0.0.1:1', '--contract', contract);
    expect(silent.exitCode).toBe(1);
    expect(silent.last).toMatchObject({ code: 'ANCHOR_UNREACHABLE' });
    const half = await verify('--rpc', chain.url);
    expect(half.exitCode).toBe(1);
    expect(half.stderr).toContain('ANCHOR_OPTIONS');
  });
});

/** Records of three days in a row, of a platform of their own. */
async function threeDays(): Promise<SignedDay[]> {
  const { publicKey, privateKey } = await generateSigningKey();
  const days: SignedDay[] = [];
  for (const [firstIndex, day] of ['2026-03-29', '2026-03-30', '2026-03-31'].entries()) {
    const previous = days.at(-1)?.hash ?? '0'.repeat(64);
    const record = await recordDay({ day, firstIndex, previous, platformKey: publicKey }, [publicKey]);
    days.push(await signDay(record, privateKey));
  }
  return days;
}

const writeProofs = (file: string, days: readonly SignedDay[]): Promise<void> =>
  writeFile(
    file,
    JSON.stringify({
      format: 'gridcommons/ledger-proofs/1',
      days: days.map((day) => ({ ...day, countersignatures: [] })),
      entries: [],
    }),
  );
