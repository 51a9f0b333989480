import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AnchorChain, deployAnchor } from '#anchor';
import { testEnvironment } from '#config';
import { DAY_MS, generateSigningKey } from '#core';
import { Database } from '#persistence';
import { entities, migrations } from '../features.ts';
import { Organisation } from '../identity/identity.entities.ts';
import type { JobDefinition, JobHandlers } from '../jobs/job-handlers.ts';
import type { Principal } from '../pipeline/principal.ts';
import { AnchoringService } from './anchoring.service.ts';
import { LedgerAnchor } from './anchors.entities.ts';
import { DayClosingService } from './day-closing.service.ts';
import { LedgerDay } from './days.entities.ts';
import { LedgerService } from './ledger.service.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';
import { LocalChain } from '../../../test/harness/local-chain.ts';

const START = Date.UTC(2026, 2, 29);
const tenantId = randomUUID();
const member: Principal = { kind: 'participant', id: randomUUID(), organisationId: randomUUID(), roles: [] };

let files: TestDatabase;
let database: Database;
let chain: LocalChain;
let key: string;
let keyFile: string;
let contract: string;
let closing: DayClosingService;
let nowMs = START;

beforeAll(async () => {
  files = await createTestDatabase(testEnvironment().databaseUrl);
  const { dataDir, url } = files;
  database = await Database.open({ dataDir, url, poolSize: 4, statementMs: 30_000, entities, migrations });
  await database.asSystem((manager) =>
    manager.insert(Organisation, { id: tenantId, name: 'Firm', legalId: tenantId }),
  );
  const clock = { nowMs: () => nowMs };
  closing = new DayClosingService(database, {} as JobHandlers, clock, await generateSigningKey());
  chain = await LocalChain.start();
  key = await chain.fundedKey(1);
  keyFile = join(files.dataDir, 'anchor.key');
  await writeFile(keyFile, key);
  ({ contract } = await deployAnchor(chain.url, key));
}, 60_000);

afterAll(async () => {
  await chain.stop();
  await database.close();
  await files.drop();
});

/** An entry on the `n`-th day, and the day closed. */
async function closeDay(n: number): Promise<LedgerDay> {
  const postings = [
    { account: 'a', amountMinor: 1 },
    { account: 'b', amountMinor: -1 },
  ];
  const atMs = START + n * DAY_MS;
  const draft = { type: 'test', reference: randomUUID(), currency: 'EUR', postings, memo: '', atMs };
  await database.asSystem((manager) =>
    new LedgerService(database).append(manager, [{ draft, holders: [tenantId] }]),
  );
  nowMs = atMs + DAY_MS;
  await closing.closeDays();
  const [last] = await database.asSystem((manager) =>
    manager.find(LedgerDay, { order: { day: 'DESC' }, take: 1 }),
  );
  return last!;
}

const none = { register: () => undefined } as unknown as JobHandlers;
const service = (rpcUrl = chain.url, file = keyFile, jobs = none) =>
  new AnchoringService(database, jobs, { ledgerAnchor: { rpcUrl, contract, keyFile: file } });

const anchorOf = ({ day }: LedgerDay) => service().anchorOf(member, day);

/** What somebody else with the key had the contract keep. */
async function anchorPast({ day, root, hash }: Pick<LedgerDay, 'day' | 'root' | 'hash'>) {
  const anchors = await AnchorChain.connect(chain.url, contract);
  try {
    return await anchors.anchor(day, { root, head: hash }, key);
  } finally {
    anchors.close();
  }
}

/** What the reconciler is told. */
async function wakeUps(
  config: ConstructorParameters<typeof AnchoringService>[2],
): Promise<readonly object[]> {
  let job: JobDefinition | undefined;
  const jobs = { register: (definition: JobDefinition) => void (job = definition) };
  new AnchoringService(database, jobs as unknown as JobHandlers, config).onModuleInit();
  return job!.unfinished!();
}

const refusal = (code: string) => expect.objectContaining({ code });

/** The tests go through the days of one ledger, in this order. */
describe('days with a record', () => {
  it('are anchored in their order, each once, for every member to see', async () => {
    const days = [await closeDay(0), await closeDay(1)];
    const sent = chain.sent;
    await service().anchorDays();
    await service().anchorDays();
    expect(chain.sent).toBe(sent + 2);
    const anchors = await Promise.all(days.map(anchorOf));
    const anchor = { chainId: chain.chainId, contract, transaction: expect.stringMatching(/^0x/) };
    expect(anchors).toEqual([2, 3].map((block, i) => ({ ...anchor, day: days[i]!.day, block })));
  });

  it('are not sent again when the process ended before it had written down that they were', async () => {
    const day = await closeDay(2);
    const mined = await anchorPast(day);
    const sent = chain.sent;
    await service().anchorDays();
    expect(chain.sent).toBe(sent);
    expect(await anchorOf(day)).toMatchObject(mined);
  });

  it('are anchored without a block where the contract has had them for long', async () => {
    const day = await closeDay(3);
    await anchorPast(day);
    chain.pass(10_000);
    await service().anchorDays();
    expect(await anchorOf(day)).toMatchObject({ transaction: null, block: null });
  });

  it('wait for a chain that does not answer and a key that is not there', async () => {
    const day = await closeDay(4);
    await expect(service('http://127.0.0.1:1').anchorDays()).rejects.toEqual(refusal('ANCHOR_UNREACHABLE'));
    await expect(service(chain.url, `${keyFile}.gone`).anchorDays()).rejects.toEqual(
      refusal('ANCHOR_KEY_INVALID'),
    );
    expect(await anchorOf(day)).toBeNull();
    await service().anchorDays();
    expect(await anchorOf(day)).not.toBeNull();
  });

  it('wake the job where a chain is configured, and only while one is to be anchored', async () => {
    const configured = { ledgerAnchor: { rpcUrl: chain.url, contract, keyFile } };
    expect(await wakeUps(configured)).toEqual([]);
    await closeDay(5);
    expect(await wakeUps(configured)).toEqual([{ payload: {}, key: 'all' }]);
    expect(await wakeUps({ ledgerAnchor: undefined })).toEqual([]);
    await service().anchorDays();
  });

  it('can be written by no member, and rewritten by nobody', async () => {
    const row = { day: '2026-03-29', chainId: 1, contract, transaction: null, block: null };
    await expect(database.asTenant(tenantId, (manager) => manager.insert(LedgerAnchor, row))).rejects.toThrow(
      'permission denied',
    );
    for (const statement of ['UPDATE ledger_anchor SET block = 1', 'DELETE FROM ledger_anchor']) {
      await expect(database.asSystem((manager) => manager.query(statement))).rejects.toThrow(
        'permission denied',
      );
    }
  });

  // Last: nothing is anchored after it.
  it('are found out where the contract keeps another record of them', async () => {
    const record = await closeDay(6);
    const { day, root } = record;
    await anchorPast({ day, root, hash: 'ab'.repeat(32) });
    await expect(service().anchorDays()).rejects.toEqual(refusal('ANCHOR_MISMATCH'));
    expect(await anchorOf(record)).toBeNull();
  });
});
