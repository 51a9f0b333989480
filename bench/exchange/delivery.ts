/* Encrypted delivery beside a plain download: a platform in a process of its own, a seller's and a buyer's site. */
import { createCipheriv, createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PlatformApi } from '../../apps/cli/demo/platform-api.ts';
import { WatchedProcess } from '../../apps/cli/demo/watched-process.ts';
import { type DeliverySite, deliverySite } from '../../apps/participant/delivery/delivery-site.ts';
import { downloadVersion } from '../../apps/participant/delivery/download-version.ts';
import { grantVersion } from '../../apps/participant/delivery/grant-version.ts';
import { publishVersion } from '../../apps/participant/delivery/publish-version.ts';
import { registerKey } from '../../apps/participant/delivery/register-key.ts';
import { writeDurably } from '../../apps/participant/node/durable-log.ts';
import { enrol } from '../../apps/participant/node/enrol.ts';
import { publicIdentity, SiteDirectory, trustFile } from '../../apps/participant/node/site-directory.ts';

const MEBIBYTE = 1_048_576;
const STARTUP_MS = 60_000;
const RUNS = 3;
const FLAGS = ['--disable-warning=ExperimentalWarning'];

const CREATE = `mutation ($input: CreateOrganisationInput!) { answer: createOrganisation(input: $input) { organisation { id } } }`;
const TOKEN = `mutation ($input: CreateEnrolmentTokenInput!) { answer: createEnrolmentToken(input: $input) { token } }`;
const DATA_SET = `mutation ($input: CreateDataSetInput!) { answer: createDataSet(input: $input) { id } }`;
const OFFER = `mutation ($input: OfferDataSetInput!) { answer: offerDataSet(input: $input) { id } }`;
const LIST = `mutation ($id: ID!) { answer: listDataSet(id: $id) { id } }`;
const ASK = `mutation ($input: RequestNegotiationInput!) { answer: requestNegotiation(input: $input) { id } }`;
const step = (name: string) => `mutation ($id: ID!) { answer: ${name}(negotiationId: $id) { agreementId } }`;

export interface MeasuredDelivery {
  readonly mebibytes: number;
  /** Megabytes (10^6) a second: encryption, upload and record; the median of downloads with decryption; of plain ones. */
  readonly uploadMBPerSecond: number;
  readonly encryptedMBPerSecond: number;
  readonly plainMBPerSecond: number;
  readonly ratioToPlain: number;
  /** Of this process, which is both sites, and of the platform; null where the system does not tell. */
  readonly peakMebibytes: { readonly sites: number; readonly platform: number | null };
}

const answer = async <T>(
  client: Pick<PlatformApi, 'request'>,
  query: string,
  variables: Record<string, unknown>,
): Promise<T> => (await client.request<{ answer: T }>(query, variables)).answer;

/** A file that is like no other, written in constant memory. */
async function writeRandom(file: string, mebibytes: number): Promise<void> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.from(randomUUID().slice(0, 16)), Buffer.alloc(16));
  const zeros = Buffer.alloc(MEBIBYTE);
  const pieces = Array.from({ length: mebibytes }, (_, i) => i);
  await pipeline(
    Readable.from(pieces).map(() => cipher.update(zeros)),
    createWriteStream(file),
  );
}

async function enrolled(operator: PlatformApi, name: string, path: string): Promise<DeliverySite> {
  const { organisation } = await answer<{ organisation: { id: string } }>(operator, CREATE, { input: { name, legalId: `bench:${name}` } }); // prettier-ignore
  const { token } = await answer<{ token: string }>(operator, TOKEN, { input: { organisationId: organisation.id } }); // prettier-ignore
  const publish = { forecasts: false, orders: false, emissions: false, scores: false };
  await enrol(new SiteDirectory(path), { platformUrl: operator.url, token, publish });
  return deliverySite(path);
}

async function pin(site: DeliverySite, other: DeliverySite, file: string): Promise<void> {
  const identity = await publicIdentity(await other.directory.identity(), other.enrolment.legalId);
  writeDurably(file, trustFile([identity]));
  await site.directory.addTrust(file);
}

/** A data set and an agreement about it, in force. */
async function agreed(seller: DeliverySite, buyer: DeliverySite) {
  const draft = { key: 'bench', title: 'Bench', carrier: 'ELECTRICITY', kind: 'READINGS', licence: 'none' };
  const { id: dataSetId } = await answer<{ id: string }>(seller.client, DATA_SET, { input: draft });
  const policy = { permission: [{ action: 'use' }] };
  const { id: offerId } = await answer<{ id: string }>(seller.client, OFFER, { input: { dataSetId, policy } }); // prettier-ignore
  await answer(seller.client, LIST, { id: dataSetId });
  const input = { offerId, consumerPid: randomUUID() };
  const { id } = await answer<{ id: string }>(buyer.client, ASK, { input });
  await answer(seller.client, step('agree'), { id });
  await answer(buyer.client, step('verifyAgreement'), { id });
  const { agreementId } = await answer<{ agreementId: string }>(seller.client, step('finaliseAgreement'), { id }); // prettier-ignore
  return { dataSetId, agreementId };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!; // prettier-ignore

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** Of the platform; null where the system does not tell. */
function peakOf(pid: number): number | null {
  const file = `/proc/${pid}/status`;
  const [, kibibytes] = existsSync(file) ? (/VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8')) ?? []) : [];
  return kibibytes === undefined ? null : Math.round(Number(kibibytes) / 1_024);
}

/** The same bytes, plain and encrypted, from the same platform to a file; each the median of three runs. */
export async function measureDelivery(
  workspace: string,
  mebibytes: number,
  show: (text: string) => void,
): Promise<MeasuredDelivery> {
  // oxlint-disable-next-line node/no-process-env -- what the platform it starts inherits
  process.env['GRIDCOMMONS_MAX_BLOB_BYTES'] = String(Math.max(64, mebibytes) * MEBIBYTE);
  // Files are on disk whatever the database: this platform has one of its own, so that it is the first of its operator.
  // oxlint-disable-next-line node/no-process-env -- as above
  delete process.env['DATABASE_URL'];
  const dataDir = join(workspace, 'platform');
  const platform = WatchedProcess.platform({ dataDir, port: 0 }, join(workspace, 'platform.log'), FLAGS);
  try {
    const { url } = await platform.event(({ event }) => event === 'listening', 'its address', STARTUP_MS);
    const key = (await readFile(join(dataDir, 'operator.key'), 'utf8')).trim();
    const operator = new PlatformApi(String(url), key);
    const file = join(workspace, 'content');
    await writeRandom(file, mebibytes);
    const rates = await encryptedRates(operator, workspace, file);
    await rates.download(join(workspace, 'warm-up'));
    // Before anything plain is sent: fetch keeps more of a streamed body than delivery ever holds.
    const sites = Math.round(process.resourceUsage().maxRSS / 1_024);
    const plain = await plainDownload(operator.url, key, file);
    const plainSeconds: number[] = [];
    const encryptedSeconds: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      plainSeconds.push(await seconds(() => plain(join(workspace, 'plain'))));
      encryptedSeconds.push(await seconds(() => rates.download(join(workspace, `content-${run}`))));
      await rm(join(workspace, `content-${run}`));
    }
    const rate = (taken: number) => Math.round((mebibytes * MEBIBYTE) / 1e6 / taken);
    const measured = {
      mebibytes,
      uploadMBPerSecond: rate(rates.uploadSeconds),
      encryptedMBPerSecond: rate(middle(encryptedSeconds)),
      plainMBPerSecond: rate(middle(plainSeconds)),
      ratioToPlain: Number((middle(plainSeconds) / middle(encryptedSeconds)).toFixed(3)),
      peakMebibytes: { sites, platform: peakOf(platform.pid) },
    };
    show(`download: encrypted ${measured.encryptedMBPerSecond} MB/s, plain ${measured.plainMBPerSecond} MB/s, upload ${measured.uploadMBPerSecond} MB/s; ${mebibytes} MiB`); // prettier-ignore
    return measured;
  } finally {
    await platform.stop();
  }
}

/** As one blob, to a file, unchecked: the most that this server gives. */
async function plainDownload(url: string, key: string, file: string) {
  const path = `${url}/blobs/${await hashOf(file)}`;
  const headers = { authorization: `Bearer ${key}` };
  const body = Readable.toWeb(createReadStream(file)) as ReadableStream;
  const { ok } = await fetch(path, { method: 'PUT', headers, body, duplex: 'half' });
  if (!ok) throw new Error('expected the platform to take the plain file');
  return async (output: string): Promise<void> => {
    const response = await fetch(path, { headers });
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(output));
  };
}

async function encryptedRates(operator: PlatformApi, workspace: string, file: string) {
  const seller = await enrolled(operator, 'seller', join(workspace, 'seller'));
  const buyer = await enrolled(operator, 'buyer', join(workspace, 'buyer'));
  await pin(seller, buyer, join(workspace, 'buyer.trust.json'));
  await pin(buyer, seller, join(workspace, 'seller.trust.json'));
  const { dataSetId, agreementId } = await agreed(seller, buyer);
  await registerKey(buyer);
  const about = { start: '2026-01-01T00:00:00Z', end: '2026-02-01T00:00:00Z', columns: [{ name: 'load', unit: 'kWh' }] }; // prettier-ignore
  const version = { dataSetId, file, about, readings: null };
  let versionId = '';
  const uploadSeconds = await seconds(async () => {
    ({ versionId } = await publishVersion(seller, version, () => undefined));
  });
  await grantVersion(seller, { agreementId, versionId });
  return {
    uploadSeconds,
    download: (output: string) => downloadVersion(buyer, { agreementId, versionId, output }, () => undefined),
  };
}
