import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixedClock, type Interval, isoInstant } from '#core';
import {
  type AnyMessage,
  type BlobReference,
  type MessageKind,
  type Payloads,
  replay,
  signMessage,
  type TaskCard,
  type TaskState,
} from '#federation';
import { Database } from '#persistence';
import type { TranscriptEntry } from '#transcript';
import { exportTranscript } from '../../apps/cli/transcript/export-transcript.ts';
import { type Consent, OPEN_CONSENT, writeConsent } from '../../apps/participant/federation/consent.ts';
import { FederationLoop } from '../../apps/participant/federation/federation-loop.ts';
import { privacyLosses, type SeriesLoss } from '../../apps/participant/federation/privacy-charges.ts';
import { enrol } from '../../apps/participant/node/enrol.ts';
import type { SiteNode } from '../../apps/participant/node/node.ts';
import { PlatformClient } from '../../apps/participant/node/platform-client.ts';
import {
  publicIdentity,
  type PublicIdentity,
  SiteDirectory,
  trustFile,
} from '../../apps/participant/node/site-directory.ts';
import { importReadings } from '../../apps/participant/readings/import-readings.ts';
import { ReadingStore } from '../../apps/participant/readings/reading-store.ts';
import { Announcer } from '../../apps/platform/federation/announcer.ts';
import { FederationTask } from '../../apps/platform/federation/federation.entities.ts';
import { ZONE } from './demo-world.ts';
import type { TestParticipant } from './participant.ts';
import {
  type GraphqlAnswer,
  type Sender,
  type StartOptions,
  startPlatform,
  type TestOrganisation,
  type TestPlatform,
} from './platform.ts';
import { readingsCsv, SERIES, TRAIN, VALIDATION } from './site-readings.ts';

const CREATE = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { id cardHash card } }`;
const TASK = `query ($id: ID!) { task(id: $id) { id phase round headIndex headHash } }`;
const TRANSCRIPT = `query ($id: ID!, $after: Int!, $first: Int!) {
  transcript(taskId: $id, after: $after, first: $first) { index previous message hash }
}`;
const POST = `mutation ($id: ID!, $message: JSON!) { postMessage(taskId: $id, message: $message) { index hash } }`;

export interface FederatedTask {
  readonly id: string;
  readonly cardHash: string;
  readonly card: TaskCard;
}

export interface TaskStatus {
  readonly phase: string;
  readonly round: number;
  readonly headIndex: number;
  readonly headHash: string;
}

/** An organisation whose node runs in this process, with a directory, keys and readings of its own. */
export interface FederationSite extends TestOrganisation {
  /** The node's keys; `firstParticipant` is an older one of the same organisation. */
  readonly participant: TestParticipant;
  readonly firstParticipant: TestParticipant;
  readonly node: SiteNode;
  readonly loop: FederationLoop;
  /** What the node told its owner. */
  readonly events: { readonly event: string; readonly facts: Record<string, string | number> }[];
}

/** A platform and the nodes of `count` organisations that have pinned each other. */
export class FederationRound {
  private constructor(
    readonly platform: TestPlatform,
    /** In roster order. */
    readonly sites: readonly FederationSite[],
    private readonly workspace: string,
  ) {}

  /** @param readings the CSV file of each site */
  static async start(
    count: number,
    options: StartOptions = {},
    readings: (site: number) => string = readingsCsv,
  ): Promise<FederationRound> {
    const platform = await startPlatform(options);
    const workspace = await mkdtemp(join(tmpdir(), 'gridcommons-round-'));
    const sites: FederationSite[] = [];
    for (let i = 0; i < count; i++) {
      const files = { path: join(workspace, `site-${i}`), csv: readings(i) };
      sites.push(await startSite(platform, files, i));
    }
    const trust = join(workspace, 'trust.json');
    await writeFile(trust, trustFile(await Promise.all(sites.map(identityOf))));
    for (const { node } of sites) await node.directory.addTrust(trust);
    return new FederationRound(platform, sites, workspace);
  }

  /** Opens a task as the operator. Windows are so long that they pass only where a test says so. */
  async createTask(
    sites = this.sites,
    series: string | readonly string[] = SERIES[0],
    terms: object = {},
  ): Promise<FederatedTask> {
    const input = {
      series: [series].flat(),
      zone: ZONE,
      train: epoch(TRAIN),
      validation: epoch(VALIDATION),
      organisationIds: sites.map(({ organisationId }) => organisationId),
      windows: { keys: 86_400, upload: 86_400, answer: 86_400 },
      ...terms,
    };
    const { operatorKey } = this.platform;
    return (await this.platform.data<{ createTask: FederatedTask }>(CREATE, { input }, operatorKey))
      .createTask;
  }

  /**
   * Lets the nodes do what is due, one duty a node in turn, until the task is in `phase` or nobody has anything to do.
   * @returns the phase then
   */
  run(task: FederatedTask, phase: string, sites = this.sites): Promise<string> {
    return this.runUntil(task, (status) => status.phase === phase, sites);
  }

  /** The same until `reached`. */
  async runUntil(
    task: FederatedTask,
    reached: (status: TaskStatus) => boolean,
    sites = this.sites,
  ): Promise<string> {
    for (let busy = true; busy;) {
      busy = false;
      for (const { loop } of sites) {
        const status = await this.status(task);
        if (reached(status)) return status.phase;
        busy = (await loop.step()) || busy;
        await this.announce(task);
      }
    }
    return (await this.status(task)).phase;
  }

  /** Lets every node read on until it has nothing to do. */
  async settle(sites = this.sites): Promise<void> {
    for (const { loop } of sites) {
      while (await loop.step()) {
        // One duty a step.
      }
    }
  }

  /** What the queue does on its own, awaited. */
  async announce({ id }: FederatedTask): Promise<void> {
    await this.platform.app.get(Announcer).run(id);
  }

  /** The window of the present phase passes. */
  async expireWindow(task: FederatedTask): Promise<void> {
    await this.platform.app
      .get(Database)
      .asSystem((manager) => manager.update(FederationTask, task.id, { windowEndsAt: new Date(0) }));
    await this.announce(task);
  }

  async status({ id }: FederatedTask, sender: Sender = this.platform.operatorKey): Promise<TaskStatus> {
    return (await this.platform.data<{ task: TaskStatus }>(TASK, { id }, sender)).task;
  }

  async page(
    { id }: FederatedTask,
    after: number,
    first: number,
    sender: Sender,
  ): Promise<TranscriptEntry[]> {
    const variables = { id, after, first };
    return (await this.platform.data<{ transcript: TranscriptEntry[] }>(TRANSCRIPT, variables, sender))
      .transcript;
  }

  /** The whole transcript, as the operator reads it. */
  async entries(task: FederatedTask): Promise<TranscriptEntry[]> {
    const entries: TranscriptEntry[] = [];
    for (;;) {
      const page = await this.page(task, entries.length - 1, 100, this.platform.operatorKey);
      if (page.length === 0) return entries;
      entries.push(...page);
    }
  }

  async state(task: FederatedTask): Promise<TaskState> {
    return replay((await this.entries(task)).map(({ message }) => message));
  }

  /** Any task query or mutation as anybody, refused or not. */
  async ask(what: 'task' | 'transcript', id: string, sender: Sender): Promise<GraphqlAnswer> {
    const [query, variables] = what === 'task' ? [TASK, { id }] : [TRANSCRIPT, { id, after: -1, first: 100 }];
    return this.platform.graphql(query, variables, sender);
  }

  post({ id }: Pick<FederatedTask, 'id'>, message: unknown, sender: Sender): Promise<GraphqlAnswer> {
    return this.platform.graphql(POST, { id, message }, sender);
  }

  /** Stores bytes as a site does before it names them. */
  async putBlob({ node }: FederationSite, bytes: Uint8Array): Promise<BlobReference> {
    return { blob: await node.client.putBlob(bytes, 'test'), bytes: bytes.length };
  }

  async blob(sha256: string): Promise<Uint8Array<ArrayBuffer>> {
    const sender = this.platform.operatorKey;
    const response = await this.platform.request('GET', `/blobs/${sha256}`, { sender });
    if (!response.ok) throw new Error(`expected blob ${sha256}, got status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** The platform no longer hands out a blob. @returns what puts it back */
  async withhold(sha256: string): Promise<() => Promise<void>> {
    const file = join(this.platform.config.blobDir, sha256.slice(0, 2), sha256);
    await rename(file, `${file}.withheld`);
    return () => rename(`${file}.withheld`, file);
  }

  /** The file `verify-transcript` reads, exported with the operator's key. */
  exportTranscript({ id }: FederatedTask): Promise<Uint8Array> {
    const { platform } = this;
    const request = <T>(query: string, variables: object) =>
      platform.data<T>(query, variables, platform.operatorKey);
    return exportTranscript({ request, blob: (sha256) => this.blob(sha256) }, id);
  }

  /** What must never be outside a site: its secret of the task and the shares it opened. */
  async secretsOf({ cardHash, card }: FederatedTask, { node }: FederationSite): Promise<Uint8Array[]> {
    const names = ['secret.bin', ...card.roster.map(({ organisation }) => `share-${organisation}.bin`)];
    return Promise.all(names.map((name) => readFile(node.directory.file('federation', cardHash, name))));
  }

  async stop(): Promise<void> {
    for (const { loop, node } of this.sites) {
      loop.close();
      await node.readings.close();
    }
    await this.platform.stop();
    await rm(this.workspace, { recursive: true, force: true });
  }
}

/** A statement under a site's own key. */
export function say<K extends MessageKind>(
  site: FederationSite,
  { cardHash }: Pick<FederatedTask, 'cardHash'>,
  message: { readonly kind: K; readonly round: number; readonly payload: Payloads[K] },
): Promise<AnyMessage> {
  const unsigned = { cardHash, sender: site.organisationId, ...message };
  return signMessage(unsigned, site.participant.signingKey.privateKey) as Promise<AnyMessage>;
}

/** The owner's consent is open but for these. */
export const consentTo = ({ node }: FederationSite, changes: Partial<Consent>): void =>
  writeConsent(node.directory, { ...OPEN_CONSENT, ...changes });

/** What the site's readings have lost by differentially private sums. */
export const lossesOf = ({ node }: FederationSite): SeriesLoss[] => privacyLosses(node.directory);

/** The code of a refusal that says one thing and nothing else. */
export function codeOf({ errors, data }: GraphqlAnswer): string {
  if (errors?.length !== 1 || data)
    throw new Error(`expected one refusal, got ${JSON.stringify({ errors, data })}`);
  return errors[0]!.extensions.code;
}

const epoch = ({ startMs, endMs }: Interval) => ({ start: isoInstant(startMs), end: isoInstant(endMs) });

const identityOf = async ({ node }: FederationSite): Promise<PublicIdentity> =>
  publicIdentity(node.identity, node.enrolment.legalId);

async function startSite(
  platform: TestPlatform,
  { path, csv }: { readonly path: string; readonly csv: string },
  number: number,
): Promise<FederationSite> {
  const organisation = await platform.createOrganisation(`Site ${number + 1}`);
  const { createEnrolmentToken } = await platform.data<{ createEnrolmentToken: { token: string } }>(
    'mutation { createEnrolmentToken(input: {}) { token } }',
    {},
    organisation.apiKey,
  );
  const directory = new SiteDirectory(path);
  const identity = await directory.identity();
  const enrolment = await enrol(directory, {
    platformUrl: platform.url,
    token: createEnrolmentToken.token,
    publish: { forecasts: true, orders: true, emissions: true, scores: true },
  });
  const file = join(path, 'readings.csv');
  await writeFile(file, csv);
  await importReadings(path, file, { format: 'csv', zone: ZONE });
  const { participantId } = enrolment;
  const events: FederationSite['events'] = [];
  const node: SiteNode = {
    directory,
    identity,
    enrolment,
    client: new PlatformClient(platform.url, { participantId, privateKey: identity.signing.privateKey }),
    readings: await ReadingStore.open(path),
    clock: fixedClock(VALIDATION.endMs),
    report: (event, facts = {}) => void events.push({ event, facts }),
  };
  return {
    ...organisation,
    firstParticipant: organisation.participant,
    participant: { id: participantId, signingKey: identity.signing, agreementKey: identity.agreement },
    node,
    loop: new FederationLoop(node),
    events,
  };
}
