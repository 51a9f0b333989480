import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Run } from './command-line.ts';
import { type Meddler, MeddlingProxy } from './meddling-proxy.ts';
import { type OfferTerms, type StartedDesk, startNegotiationDesk } from './negotiation-desk.ts';
import type { TestOrganisation } from './platform.ts';

/** A directory of a participant, enrolled through a connection that can be meddled with. */
export interface DeliverySeat {
  readonly dir: string;
  /** `participant data …`, from the command line. */
  readonly data: (...words: string[]) => Promise<Run>;
}

/** A negotiation desk whose parties have sites that deliver, and a stranger's. */
export interface DeliveryDesk extends StartedDesk {
  readonly folder: string;
  readonly seller: DeliverySeat;
  readonly buyer: DeliverySeat;
  readonly outsider: DeliverySeat;
  /** What meddles with the sites' requests from now on. */
  readonly meddle: (change: Partial<Pick<Meddler, 'before' | 'after'>>) => void;
  /** An agreement in force, with the data set it is about. */
  readonly agreed: (terms?: OfferTerms) => Promise<{ agreementId: string; dataSetId: string }>;
}

const HONEST: Meddler = {
  before: async () => 'pass',
  cut: async () => undefined,
  after: async (_, answer) => answer,
};

export async function startDeliveryDesk(nowMs: number): Promise<DeliveryDesk> {
  const desk = await startNegotiationDesk(nowMs);
  const folder = await mkdtemp(join(tmpdir(), 'gridcommons-delivery-'));
  let meddler = HONEST;
  const proxy = await MeddlingProxy.start(async () => Number(new URL(desk.platform.url).port), {
    before: (exchange) => meddler.before(exchange),
    cut: async () => undefined,
    after: (exchange, answer) => meddler.after(exchange, answer),
  });
  const seats = await Promise.all(
    [desk.provider, desk.consumer, desk.stranger].map((owner) => enrolled(desk, owner, proxy.url, folder)),
  );
  const [seller, buyer, outsider] = seats as [DeliverySeat, DeliverySeat, DeliverySeat];
  await pinAll(folder, seats);
  return {
    ...desk,
    folder,
    seller,
    buyer,
    outsider,
    meddle(change) {
      meddler = { ...HONEST, ...change };
    },
    async agreed(terms) {
      const { agreementId: id } = await desk.concluded(terms);
      const { dataAgreement } = await desk.platform.data<{ dataAgreement: { dataSetId: string } }>(
        'query ($id: ID!) { dataAgreement(id: $id) { dataSetId } }',
        { id },
        desk.consumer.apiKey,
      );
      return { agreementId: id!, dataSetId: dataAgreement.dataSetId };
    },
    async stop() {
      await proxy.stop();
      await desk.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function enrolled(
  { platform }: StartedDesk,
  { organisationId, apiKey }: TestOrganisation,
  url: string,
  folder: string,
): Promise<DeliverySeat> {
  const { createEnrolmentToken } = await platform.data<{ createEnrolmentToken: { token: string } }>(
    'mutation { createEnrolmentToken(input: {}) { token } }',
    {},
    apiKey,
  );
  const dir = join(folder, organisationId);
  await must(run(['participant', 'init', '--platform', url, '--token', createEnrolmentToken.token, '--dir', dir])); // prettier-ignore
  return {
    dir,
    data: (...words) => run(['participant', 'data', ...words, '--dir', dir, '--json']),
  };
}

/** Everybody pins everybody, as owners do with files they hand each other. */
async function pinAll(folder: string, seats: readonly DeliverySeat[]): Promise<void> {
  for (const [i, { dir }] of seats.entries()) {
    const file = join(folder, `${i}.trust.json`);
    await must(run(['participant', 'identity', '--dir', dir, '--output', file]));
    for (const other of seats) {
      if (other.dir !== dir) await must(run(['participant', 'trust', 'add', file, '--dir', other.dir]));
    }
  }
}

/** @returns what it printed, as JSON */
export async function must<T>(running: Promise<Run>): Promise<T> {
  const { exitCode, stdout, stderr } = await running;
  if (exitCode !== 0) throw new Error(`expected success, got ${exitCode}: ${stderr}`);
  return (stdout.startsWith('{') ? JSON.parse(stdout) : undefined) as T;
}

/** The code a command was refused with, and its exit code. */
export async function refused(running: Promise<Run>): Promise<{ code: string; exitCode: number | null }> {
  const { exitCode, stderr } = await running;
  return { code: (JSON.parse(stderr) as { error: { code: string } }).error.code, exitCode };
}

/** Rows that are like no others, and the description that goes with them. */
export async function writeContent(
  folder: string,
  rows: readonly string[],
): Promise<{ file: string; about: string }> {
  const [file, about] = [join(folder, 'load.csv'), join(folder, 'about.json')];
  await writeFile(file, rows.join('\n'));
  const described = { start: '2026-01-01T00:00:00Z', end: '2026-02-01T00:00:00Z', columns: [{ name: 'load', unit: 'kWh' }] }; // prettier-ignore
  await writeFile(about, JSON.stringify(described));
  return { file, about };
}
