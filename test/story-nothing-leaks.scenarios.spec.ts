import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DELIVERY,
  dumpTables,
  enrolmentOf,
  rowsIn,
  runDemo,
  startKeptPlatform,
  writeFirms,
} from './harness/demo-world.ts';
import { type Needle, secretForms, textForm } from './harness/leak-forms.ts';
import { type Find, LeakScanner } from './harness/leak-scanner.ts';
import {
  keyNeedles,
  plantDigits,
  plantNeedles,
  plantsOf,
  type Plant,
  shareFiles,
  shareNeedles,
} from './harness/planted-firms.ts';

const STORY_MS = 600_000;
/** The platform's own secrets, in files of their own. */
const OWN_KEYS = new Set(['operator.key', 'platform.key']);
const ISSUED = /gce_[0-9a-f]{64}|gck_[0-9a-f]{16}_[0-9a-f]{64}/;

const ORGANISATION = `mutation ($input: CreateOrganisationInput!) { createOrganisation(input: $input) { organisation { id } apiKey } }`;
const TOKEN = `mutation ($input: CreateEnrolmentTokenInput!) { createEnrolmentToken(input: $input) { token } }`;
const FORECASTS = `query { forecasts(first: 100) { edges { node { p50Wh } } } }`;

/** The demo on files with planted digits, and afterwards everything the platform has of it. */
describe('no reading, share or key bytes in logs or in the platform’s database: nothing of a site but what it publishes', () => {
  let world: string;
  let keep: string;
  let plants: Plant[];
  let issued: { readonly token: string; readonly apiKey: string };
  let publishedWh: number[];
  let dump: ReadonlyMap<string, Buffer>;
  let trades: ReadonlySet<string>;

  beforeAll(async () => {
    world = await mkdtemp(join(tmpdir(), 'gridcommons-leaks-'));
    keep = join(world, 'keep');
    const rows = await writeFirms(join(world, 'data'), plantDigits);
    plants = [...rows].flatMap(([firm, written]) => plantsOf(firm, written));
    await runDemo(join(world, 'data'), keep);
    const platform = await startKeptPlatform(keep);
    const { api } = platform;
    const { createOrganisation } = await api.request<{
      createOrganisation: { organisation: { id: string }; apiKey: string };
    }>(ORGANISATION, { input: { name: 'Latecomer', legalId: 'test:latecomer' } });
    const { createEnrolmentToken } = await api.request<{ createEnrolmentToken: { token: string } }>(TOKEN, {
      input: { organisationId: createOrganisation.organisation.id },
    });
    issued = { token: createEnrolmentToken.token, apiKey: createOrganisation.apiKey };
    const { forecasts } = await api.request<{ forecasts: { edges: { node: { p50Wh: number } }[] } }>(
      FORECASTS,
    );
    publishedWh = forecasts.edges.map(({ node }) => node.p50Wh);
    await platform.stop();
    dump = await dumpTables(join(keep, 'platform'));
    trades = await tradedHours(keep, dump, firms());
  }, STORY_MS);

  afterAll(() => rm(world, { recursive: true, force: true }));

  const site = (firm: string): string => join(keep, 'sites', firm);
  const firms = (): string[] => [...new Set(plants.map(({ firm }) => firm))];
  const isPublic = ({ firm, startMs }: Plant): boolean => trades.has(`${firm} ${startMs}`);

  /** The platform's files, log and tables, and what the nodes wrote. */
  const scanEverything = async (scanner: LeakScanner): Promise<Find[]> => {
    const files = await scanner.scanDirectory(join(keep, 'platform'), (path) => OWN_KEYS.has(path));
    for (const part of ['postgres/base/', 'postgres/pg_wal/', 'blobs/'])
      expect(files.files.filter((file) => file.startsWith(part))).not.toHaveLength(0);
    const logs = ['platform.log', ...firms().map((firm) => `sites/${firm}.log`)];
    const written = await Promise.all(
      logs.map(async (log) => scanner.scan(log, await readFile(join(keep, log)))),
    );
    return [...files.finds, ...written.flat(), ...scanTables(scanner)];
  };
  const scanTables = (scanner: LeakScanner): Find[] =>
    [...dump].flatMap(([table, bytes]) => scanner.scan(table, bytes));

  it('planted digits in every part of the path, traded and untraded', () => {
    expect(within(plants, 'train')).toHaveLength(24);
    expect(within(plants, 'validation')).toHaveLength(24);
    expect(within(plants, 'later')).toHaveLength(40);
    const delivered = within(plants, 'delivery');
    expect(delivered).toHaveLength((4 * (DELIVERY.endMs - DELIVERY.startMs)) / 3_600_000);
    expect(delivered.filter(isPublic).length).toBeGreaterThan(0);
    expect(delivered.filter((planted) => !isPublic(planted)).length).toBeGreaterThan(0);
  });

  it('no reading of an untraded hour, no gross load and no generation is anywhere at the platform', async () => {
    const scanner = new LeakScanner(plantNeedles(plants, isPublic));
    expect(scanner.leaks(await scanEverything(scanner))).toEqual([]);
    for (const firm of firms()) {
      const own = scanner.leaks(scanner.scan(firm, await readFile(join(world, 'data', `${firm}.csv`))));
      const secret = plants.filter((one) => one.firm === firm && !(isPublic(one) && one.pv === null));
      expect(found(own).size).toBeGreaterThanOrEqual(secret.length);
    }
  });

  it('what was published is there: statements of traded hours, forecasts, names', async () => {
    const statements = plants.filter(isPublic).map(({ firm, startMs, netWh }) => ({
      name: `${firm} ${startMs}`,
      wh: Math.abs(netWh),
    }));
    const published = [
      ...statements.map(({ name, wh }) => textForm(name, String(wh))),
      ...publishedWh.map((wh) => textForm(`forecast ${wh}`, String(wh))),
    ];
    const inTables = new LeakScanner(published);
    expect([...found(scanTables(inTables))].toSorted()).toEqual(names(published));
    expect(publishedWh).toHaveLength(96);

    const legalIds = firms().map((firm) => textForm(firm, `demo:${firm}`));
    const inFiles = new LeakScanner(legalIds);
    const { finds } = await inFiles.scanDirectory(join(keep, 'platform', 'postgres'));
    expect([...found(finds)].toSorted()).toEqual(names(legalIds));
    expect(await readFile(join(keep, 'platform.log'), 'utf8')).toContain('"msg":"listening"');
  });

  it('no private key, dealt secret or opened share of a site', async () => {
    const bySite = new Map<string, Needle[]>();
    for (const firm of firms()) {
      const files = await shareFiles(site(firm));
      expect(files.size).toBe(5);
      bySite.set(firm, [...(await keyNeedles(site(firm), firm)), ...shareNeedles(firm, files)]);
    }
    const scanner = new LeakScanner([...bySite.values()].flat());
    expect(scanner.leaks(await scanEverything(scanner))).toEqual([]);
    for (const [firm, own] of bySite) {
      const { finds } = await scanner.scanDirectory(site(firm));
      expect([...found(finds)].toSorted()).toEqual(names(own));
    }
  });

  it('no residue of a plain share in the sealed one', async () => {
    const organisations = new Map(
      await Promise.all(
        firms().map(async (firm) => [(await enrolmentOf(keep, firm)).organisationId, firm] as const),
      ),
    );
    const stored = await blobsOf(join(keep, 'platform', 'blobs'));
    let compared = 0;
    for (const firm of firms()) {
      for (const [name, plain] of await shareFiles(site(firm))) {
        const dealer = organisations.get(name.slice('share-'.length, -'.bin'.length));
        if (dealer === undefined) continue;
        const scanner = residueScanner(plain);
        for (const sealed of await dealtBy(site(dealer))) {
          expect(stored.has(createHash('sha256').update(sealed).digest('hex'))).toBe(true);
          expect(scanner.scan('sealed share', sealed)).toEqual([]);
          compared += 1;
        }
        expect(scanner.scan('shifted', Buffer.concat([Buffer.alloc(5), plain])).length).toBe(
          plain.length / 8,
        );
      }
    }
    expect(compared).toBe(4 * 4 * 4);
  });

  it('no enrolment token and no API key but the operator’s own file', async () => {
    expect(issued.token).toMatch(ISSUED);
    expect(issued.apiKey).toMatch(ISSUED);
    const [token, apiKey] = [issued.token, issued.apiKey].map((text) => Buffer.from(text.slice(-64), 'hex'));
    const operatorKey = (await readFile(join(keep, 'platform', 'operator.key'), 'utf8')).trim();
    const scanner = new LeakScanner([
      ...secretForms('token', token!),
      ...secretForms('API key', apiKey!),
      ...secretForms('operator key', Buffer.from(operatorKey.slice(-64), 'hex')),
      textForm('any token', 'gce_'),
      textForm('any key', 'gck_'),
    ]);
    expect(await scanEverything(scanner)).toEqual([]);
    expect(found(scanner.scan('operator.key', Buffer.from(operatorKey)))).toEqual(
      new Set(['operator key', 'any key']),
    );
  });
});

const within = (plants: readonly Plant[], part: Plant['part']): Plant[] =>
  plants.filter((planted) => planted.part === part);

const found = (finds: readonly Find[]): Set<string> => new Set(finds.map(({ name }) => name));

const names = (needles: readonly Needle[]): string[] =>
  [...new Set(needles.map(({ name }) => name))].toSorted();

interface TradeRow {
  readonly starts_at: string;
  readonly buyer_participant_id: string;
  readonly seller_participant_id: string;
}

/** `firm startMs` of every hour a firm bought or sold in, from the platform's table of trades. */
async function tradedHours(
  keep: string,
  dump: ReadonlyMap<string, Buffer>,
  firms: readonly string[],
): Promise<ReadonlySet<string>> {
  const trades = rowsIn<TradeRow>(dump, 'market_trade');
  const hours = new Set<string>();
  for (const firm of firms) {
    const { participantId } = await enrolmentOf(keep, firm);
    const own = trades.filter((trade) =>
      [trade.buyer_participant_id, trade.seller_participant_id].includes(participantId),
    );
    for (const { starts_at } of own) hours.add(`${firm} ${Date.parse(starts_at)}`);
  }
  return hours;
}

/** Names of the stored blobs: their SHA-256. */
async function blobsOf(directory: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return new Set(entries.filter((entry) => entry.isFile()).map(({ name }) => name));
}

/** The sealed shares a site sent. */
async function dealtBy(site: string): Promise<Buffer[]> {
  const [card = ''] = await readdir(join(site, 'federation'));
  const directory = join(site, 'federation', card);
  const dealt = (await readdir(directory)).filter((name) => /^deal-1-\d+\.bin$/.test(name));
  return Promise.all(dealt.map((name) => readFile(join(directory, name))));
}

/** Finds every single residue of a plain share. */
const residueScanner = (plain: Buffer): LeakScanner =>
  new LeakScanner(
    Array.from({ length: plain.length / 8 }, (_, i) => ({
      name: `residue ${i}`,
      form: 'raw',
      bytes: plain.subarray(8 * i, 8 * i + 8),
    })),
  );
