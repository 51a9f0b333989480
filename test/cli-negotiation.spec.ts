import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { runInProcess } from './harness/in-process.ts';
import { type NegotiationDesk, negotiationDesk, POLICY } from './harness/negotiation-desk.ts';
import { startPlatform, type TestPlatform } from './harness/platform.ts';

jest.setTimeout(60_000);

describe('gridcommons negotiation and agreement', () => {
  let platform: TestPlatform;
  let directory: string;
  let desk: NegotiationDesk;

  beforeAll(async () => {
    platform = await startPlatform();
    desk = await negotiationDesk(platform);
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-negotiation-'));
    for (const side of ['provider', 'consumer', 'stranger'] as const) {
      await writeFile(join(directory, `${side}.key`), desk[side].apiKey);
    }
  }, 60_000);

  afterAll(async () => {
    await platform.stop();
    await rm(directory, { recursive: true });
  });

  const as = (side: 'provider' | 'consumer' | 'stranger', ...verb: readonly string[]) =>
    run([...verb, '--platform', platform.url, '--key-file', join(directory, `${side}.key`), '--json']);
  const told = async (side: 'provider' | 'consumer', ...verb: readonly string[]) => {
    const { exitCode, stdout, stderr } = await as(side, ...verb);
    expect([exitCode, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Readonly<Record<string, never>>;
  };

  const textFor = async (side: 'provider' | 'consumer', ...verb: readonly string[]) =>
    (await runInProcess([...verb, '--platform', platform.url, '--key-file', join(directory, `${side}.key`)])).stdout; // prettier-ignore

  it('lead from a request over a counter-offer to a transfer, and to the end of the agreement', async () => {
    const policy = join(directory, 'policy.json');
    await writeFile(policy, JSON.stringify(POLICY));
    const offer = await desk.offer();
    const pid = ['--consumer-pid', 'urn:cli:1'];
    const { id } = await told('consumer', 'negotiation', 'request', offer, ...pid);
    expect((await told('consumer', 'negotiation', 'request', offer, ...pid))['id']).toBe(id);
    const validUntil = '2050-01-01T00:00:00Z';
    const counter = await told(
      'provider',
      'negotiation',
      'counter',
      id!,
      '--policy',
      policy,
      '--valid-until',
      validUntil,
    );
    expect(counter).toMatchObject({ state: 'OFFERED', validUntil });
    await told('consumer', 'negotiation', 'accept', id!);
    const { agreementId } = await told('provider', 'negotiation', 'agree', id!);
    const { hash } = await told('consumer', 'agreement', 'show', agreementId!);
    await told('consumer', 'negotiation', 'verify', id!, '--hash', hash!);
    expect(await told('provider', 'negotiation', 'finalise', id!)).toMatchObject({ state: 'FINALIZED' });
    const shown = await told('consumer', 'negotiation', 'show', id!);
    expect(shown['messages']).toHaveLength(6);
    expect(await told('provider', 'negotiation', 'list')).toMatchObject({
      negotiations: [{ id }],
      hasNextPage: false,
    });

    const transfer = await told('consumer', 'agreement', 'transfer', 'request', agreementId!);
    expect(await told('provider', 'agreement', 'transfer', 'start', transfer['id']!)).toMatchObject({
      state: 'STARTED',
    });
    const revoke = ['agreement', 'revoke', agreementId!, '--code', 'MISUSE', '--reason', 'resold'];
    expect(await told('provider', ...revoke)).toMatchObject({ standing: 'REVOKED', revocationEpoch: 1 });
    expect(await told('consumer', 'agreement', 'transfer', 'show', transfer['id']!)).toMatchObject({
      state: 'TERMINATED',
    });
    expect(await told('consumer', 'agreement', 'list')).toMatchObject({
      dataAgreements: [{ id: agreementId, standing: 'REVOKED' }],
    });
  });

  it('say to people what stands, with whom, whose turn it is and what may be done next', async () => {
    const price = { kind: 'flat', currency: 'EUR', amountMinor: 1_250 };
    const { id } = await told('consumer', 'negotiation', 'request', await desk.offer({ price }));
    const text = await textFor('provider', 'negotiation', 'show', id!);
    expect(text).toMatch(
      new RegExp(
        `^negotiation ${id}: REQUESTED, turn: you, until 20.*Z\nwith Consumer \\(consumer\\), about`,
      ),
    );
    expect(text).toMatch(
      /price +12\.50 EUR once\n +valid +from 2026-11-01T00:00:00Z, without an end\n +TECHNICAL +You may read/,
    );
    expect(text).toMatch(
      new RegExp(
        `next:\n  gridcommons negotiation counter ${id} .*\n  gridcommons negotiation agree ${id}\n`,
      ),
    );
    expect(await textFor('consumer', 'negotiation', 'list')).toMatch(
      new RegExp(`${id}  REQUESTED  provider  Provider \\(provider\\)  12.50 EUR once +no end\n`),
    );
    const { agreementId } = await told('provider', 'negotiation', 'agree', id!);
    await told('consumer', 'negotiation', 'verify', id!);
    await told('provider', 'negotiation', 'finalise', id!);
    expect(await textFor('consumer', 'agreement', 'show', agreementId!)).toContain(
      `next:\n  gridcommons agreement quote ${agreementId}\n  gridcommons agreement pay ${agreementId}\n`,
    );
    expect(await textFor('provider', 'agreement', 'list')).toMatch(
      new RegExp(`${agreementId} +UNPAID +Consumer \\(consumer\\) +12.50 EUR once +no +no end\n`),
    );
    expect(await textFor('consumer', 'admin', 'organisation', 'list')).toContain(
      `${desk.provider.organisationId}  Provider\n`,
    );
  });

  it('refuse with the code of the platform, and without a reason where one is due', async () => {
    const { id } = await told('consumer', 'negotiation', 'request', await desk.offer());
    const refused = await as('stranger', 'negotiation', 'show', id!);
    expect([refused.exitCode, JSON.parse(refused.stderr)]).toMatchObject([
      1,
      { error: { code: 'NEGOTIATION_NOT_FOUND' } },
    ]);
    expect((await as('consumer', 'negotiation', 'terminate', id!)).exitCode).toBe(2);
    const ended = await told('consumer', 'negotiation', 'terminate', id!, '--code', 'PRICE');
    expect(ended).toMatchObject({ state: 'TERMINATED', reasonCode: 'PRICE' });
  });
});
