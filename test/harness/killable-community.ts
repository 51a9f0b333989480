import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testEnvironment } from '#config';
import { isoInstant } from '#core';
import { splitDays } from '#forecasting';
import { PlatformApi } from '../../apps/cli/demo/platform-api.ts';
import { exportTranscript } from '../../apps/cli/transcript/export-transcript.ts';
import { enrol } from '../../apps/participant/node/enrol.ts';
import { publicIdentity, SiteDirectory, trustFile } from '../../apps/participant/node/site-directory.ts';
import { importReadings } from '../../apps/participant/readings/import-readings.ts';
import { BuiltProcess, type ProcessEvent } from './built-process.ts';
import { createTestDatabase, type TestDatabase } from './database-template.ts';
import { RANGE, writeFirms, ZONE } from './demo-world.ts';
import { type Meddler, MeddlingProxy } from './meddling-proxy.ts';

const PATIENCE_MS = 480_000;
const QUIET = { forecasts: false, orders: false, emissions: false, scores: false };

const CREATE_ORGANISATION = `mutation ($input: CreateOrganisationInput!) { createOrganisation(input: $input) { organisation { id } } }`;
const CREATE_TOKEN = `mutation ($input: CreateEnrolmentTokenInput!) { createEnrolmentToken(input: $input) { token } }`;
const CREATE_TASK = `mutation ($input: CreateTaskInput!) { createTask(input: $input) { id cardHash } }`;

/** A firm and its node, whichever process that is by now. */
export interface KillableSite {
  readonly name: string;
  readonly directory: SiteDirectory;
  readonly organisationId: string;
  readonly participantId: string;
  /** Of all its processes, in order. */
  readonly events: ProcessEvent[];
  process: BuiltProcess;
}

export interface Task {
  readonly id: string;
  readonly cardHash: string;
}

/** A platform and four nodes as processes, each of which can be killed at any point and starts again where it was. */
export class KillableCommunity {
  sites: KillableSite[] = [];
  onEvent: (site: KillableSite, event: ProcessEvent) => void = () => undefined;
  private platform: BuiltProcess | undefined;
  private port: Promise<number> = Promise.resolve(0);
  private proxy: MeddlingProxy | undefined;
  private readonly failures: string[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly killed = new Set<BuiltProcess>();
  private readonly dying = new Map<KillableSite, Promise<void>>();

  private constructor(
    private readonly world: string,
    readonly database: TestDatabase,
  ) {}

  static async start(meddler: Meddler): Promise<KillableCommunity> {
    const database = await createTestDatabase(testEnvironment().databaseUrl);
    const community = new KillableCommunity(await mkdtemp(join(tmpdir(), 'gridcommons-kill-')), database);
    await writeFile(community.clock, isoInstant(RANGE.endMs));
    community.startPlatform();
    community.proxy = await MeddlingProxy.start(() => community.port, meddler);
    await community.enrolSites();
    return community;
  }

  async stop(): Promise<void> {
    const processes = [
      ...this.sites.map(({ process }) => process),
      ...(this.platform ? [this.platform] : []),
    ];
    for (const process of processes) this.killed.add(process);
    await Promise.all(processes.map((process) => process.kill()));
    await this.proxy?.stop();
    await this.database.drop();
    await rm(this.world, { recursive: true, force: true });
  }

  /** The operator's view of the platform, past the proxy. */
  async api(): Promise<PlatformApi> {
    const url = `http://127.0.0.1:${await this.port}`;
    return new PlatformApi(url, (await readFile(join(this.database.dataDir, 'operator.key'), 'utf8')).trim());
  }

  /** @returns the file of a released task's transcript */
  async exportTranscript({ id }: Task): Promise<string> {
    const api = await this.api();
    const exported = await exportTranscript(
      {
        // Parsed here, because `fetch` makes its objects outside of the realm a test runs in.
        request: async <T>(query: string, variables: Record<string, unknown>) =>
          JSON.parse(JSON.stringify(await api.request<T>(query, variables))) as T,
        blob: (sha256) => api.blob(sha256),
      },
      id,
    );
    const file = join(this.world, `${id}.transcript`);
    await writeFile(file, exported);
    return file;
  }

  site(participantId: string): KillableSite | undefined {
    return this.sites.find((site) => site.participantId === participantId);
  }

  platformEnvironment(port: number): Readonly<Record<string, string>> {
    const { url, dataDir } = this.database;
    return {
      GRIDCOMMONS_DATA_DIR: dataDir,
      GRIDCOMMONS_REPLAY_CLOCK: this.clock,
      PORT: String(port),
      ...(url === undefined ? {} : { DATABASE_URL: url }),
    };
  }

  /** SIGKILL, then a new process on the same directory and port. */
  async killPlatform(): Promise<void> {
    const [platform, port] = [this.platform!, await this.port];
    this.killed.add(platform);
    await platform.kill();
    this.startPlatform(port);
  }

  /** SIGKILL, `meanwhile` on what is left, then a new process on the same directory. Nobody dies twice at once. */
  killSite(site: KillableSite, meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    const dying = this.dying.get(site) ?? this.killAndStart(site, meanwhile);
    this.dying.set(site, dying);
    return dying.finally(() => this.dying.delete(site));
  }

  /** A task over all four sites with windows that do not pass during a test. */
  async createTask(terms: object = {}): Promise<Task> {
    const { train, validation } = splitDays(ZONE, RANGE);
    const epoch = ({ startMs, endMs }: typeof train) => ({
      start: isoInstant(startMs),
      end: isoInstant(endMs),
    });
    const windows = { keys: 3_600, upload: 3_600, answer: 3_600 };
    const input = { zone: ZONE, train: epoch(train), validation: epoch(validation), windows, ...terms };
    const { createTask } = await (await this.api()).request<{ createTask: Task }>(CREATE_TASK, { input });
    return createTask;
  }

  /** Waits until what the processes say makes `condition` true. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!condition()) {
      if (this.failures.length > 0) throw new Error(`expected ${what}, got ${this.failures.join('\n')}`);
      if (Date.now() > deadline) throw new Error(`expected ${what}, got ${this.lastEvents()}`);
      await this.news(deadline);
    }
  }

  private async killAndStart(site: KillableSite, meanwhile: () => Promise<void>): Promise<void> {
    this.killed.add(site.process);
    await site.process.kill();
    await meanwhile();
    site.process = this.startNode(site.directory.path, (event) => this.tell(site, event));
  }

  private get clock(): string {
    return join(this.world, 'clock');
  }

  private startPlatform(port = 0): void {
    const platform = BuiltProcess.platform(this.platformEnvironment(port));
    this.platform = platform;
    this.port = platform
      .event(({ event }) => event === 'listening', 'its address')
      .then(({ url }) => Number(new URL(String(url)).port));
    this.watch(platform);
  }

  private startNode(directory: string, listener: (event: ProcessEvent) => void): BuiltProcess {
    const args = ['participant', 'start', '--dir', directory, '--replay-clock', this.clock, '--json'];
    const node = BuiltProcess.command(args, {}, listener);
    this.watch(node);
    return node;
  }

  /** A process that ends without having been killed was refused, or broke. */
  private watch(process: BuiltProcess): void {
    void process.end.then(({ exitCode }) => {
      if (this.killed.has(process)) return;
      this.failures.push(`${process.name}: exit ${exitCode}\n${process.errors}`);
      this.wake();
    });
  }

  private tell(site: KillableSite, event: ProcessEvent): void {
    site.events.push(event);
    this.onEvent(site, event);
    this.wake();
  }

  private async enrolSites(): Promise<void> {
    const data = join(this.world, 'data');
    const names = [...(await writeFirms(data, (_, row) => row)).keys()];
    const directories = names.map((name) => new SiteDirectory(join(this.world, name)));
    const identities = await Promise.all(
      directories.map(async (directory, i) => publicIdentity(await directory.identity(), `test:${names[i]}`)),
    );
    const trust = join(this.world, 'trust.json');
    await writeFile(trust, trustFile(identities));
    const api = await this.api();
    for (const [i, directory] of directories.entries()) {
      await directory.addTrust(trust);
      await importReadings(directory.path, join(data, `${names[i]}.csv`), { format: 'csv', zone: ZONE });
      this.sites.push(await this.enrolSite(api, names[i]!, directory));
    }
  }

  private async enrolSite(api: PlatformApi, name: string, directory: SiteDirectory): Promise<KillableSite> {
    const { createOrganisation } = await api.request<{
      createOrganisation: { organisation: { id: string } };
    }>(CREATE_ORGANISATION, { input: { name, legalId: `test:${name}` } });
    const { createEnrolmentToken } = await api.request<{ createEnrolmentToken: { token: string } }>(
      CREATE_TOKEN,
      {
        input: { organisationId: createOrganisation.organisation.id },
      },
    );
    const { token } = createEnrolmentToken;
    const enrolment = await enrol(directory, { platformUrl: this.proxy!.url, token, publish: QUIET });
    const { organisationId, participantId } = enrolment;
    const events: ProcessEvent[] = [];
    const process = this.startNode(directory.path, (event) => this.tell(site, event));
    const site: KillableSite = { name, directory, organisationId, participantId, events, process };
    return site;
  }

  private news(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const { waiting } = this;
      const timer = setTimeout(done, Math.max(1, deadline - Date.now()));
      function done() {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      }
      waiting.add(done);
    });
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
  }

  private lastEvents(): string {
    return this.sites.map(({ name, events }) => `${name}: ${JSON.stringify(events.slice(-4))}`).join('\n  ');
  }
}
