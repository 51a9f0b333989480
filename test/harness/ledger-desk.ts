import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, signJson } from '#core';
import { LedgerLoop } from '../../apps/participant/ledger/ledger-loop.ts';
import type { SiteNode } from '../../apps/participant/node/node.ts';
import { PlatformClient } from '../../apps/participant/node/platform-client.ts';
import { SiteDirectory } from '../../apps/participant/node/site-directory.ts';
import { JobHandlers } from '../../apps/platform/jobs/job-handlers.ts';
import { type Run, run } from './command-line.ts';
import { DAY, MarketDay, meter, nodes, type Page } from './market-day.ts';
import type { TestParticipant } from './participant.ts';
import type { GraphqlAnswer, Sender, TestOrganisation } from './platform.ts';

export interface DayFacts {
  readonly day: string;
  readonly firstIndex: number;
  readonly lastIndex: number;
  readonly entries: number;
  readonly root: string;
  readonly previous: string;
  readonly hash: string;
}

export interface AnchorFacts {
  readonly chainId: number;
  readonly contract: string;
  readonly transaction: string | null;
  readonly block: number | null;
}

const DAYS = '{ ledgerDays { edges { node { day firstIndex lastIndex entries root previous hash } } } }';
const COUNTERSIGN = `mutation ($input: CountersignLedgerDayInput!) {
  countersignLedgerDay(input: $input) { participantId signature }
}`;

/** A market day whose settlement is booked, and the command line of its members. */
export class LedgerDesk {
  private constructor(
    readonly market: MarketDay,
    private readonly directory: string,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<LedgerDesk> {
    return new LedgerDesk(await MarketDay.start(env), await mkdtemp(join(tmpdir(), 'gridcommons-ledger-')));
  }

  async stop(): Promise<void> {
    await this.market.stop();
    await rm(this.directory, { recursive: true });
  }

  file(name: string): string {
    return join(this.directory, name);
  }

  /** A settled session: two entries of the buyer, then two of the seller, on the last hours of its UTC day. */
  async settle(): Promise<void> {
    const { market } = this;
    const id = await market.tradedSession();
    await market.setClock(DAY.endMs);
    await market.deliver(id, market.firms.buyer.participant, [meter(0, 1_200, 0), meter(1, 900, 0)]);
    await market.deliver(id, market.firms.seller.participant, [meter(0, 0, 1_500), meter(1, 0, 1_200)]);
    await market.reached(id, 'SETTLED');
  }

  /** Midnight of `days` days later, when the job that closes days finds something to do. */
  async nextDay(days = 1): Promise<DayFacts[]> {
    const known = (await this.days()).length;
    await this.market.setClock(Date.UTC(2026, 2, 29) + days * DAY_MS);
    await this.market.platform.app.get(JobHandlers).reconcile();
    return this.moreThan(known);
  }

  async days(): Promise<DayFacts[]> {
    const { platform, firms } = this.market;
    const answer = await platform.data<{ ledgerDays: Page<DayFacts> }>(DAYS, {}, firms.bystander.apiKey);
    return nodes(answer.ledgerDays);
  }

  /** The test's own timeout bounds it. */
  private async moreThan(known: number): Promise<DayFacts[]> {
    const days = await this.days();
    return days.length > known ? days : this.moreThan(known);
  }

  /** Where days are anchored, once all of them are. The test's own timeout bounds it. */
  async anchors(): Promise<AnchorFacts[]> {
    const { platform, firms } = this.market;
    await platform.app.get(JobHandlers).reconcile();
    const answer = await platform.data<{ ledgerDays: Page<{ anchor: AnchorFacts | null }> }>(
      '{ ledgerDays { edges { node { anchor { chainId contract transaction block } } } } }',
      {},
      firms.bystander.apiKey,
    );
    const anchors = nodes(answer.ledgerDays).flatMap(({ anchor }) => anchor ?? []);
    return anchors.length === answer.ledgerDays.edges.length ? anchors : this.anchors();
  }

  /** Places of the entries a sender holds. */
  async held(sender: Sender): Promise<number[]> {
    const { ledger } = await this.market.platform.data<{ ledger: { entries: Page<{ index: number }> } }>(
      '{ ledger { entries(first: 100) { edges { node { index } } } } }',
      {},
      sender,
    );
    return nodes(ledger.entries).map(({ index }) => index);
  }

  async countersign(by: TestParticipant, { day, hash: record }: DayFacts): Promise<GraphqlAnswer> {
    const context = 'gridcommons/ledger-day-countersignature/1';
    const signature = await signJson(by.signingKey.privateKey, context, { record, participant: by.id });
    return this.market.platform.graphql(COUNTERSIGN, { input: { day, signature } }, by);
  }

  /** A look at the ledger by a participant's node, with whatever it remembers of others. @returns what it tells its owner */
  async attend({ id: participantId, signingKey: signing }: TestParticipant): Promise<object[]> {
    const { url } = this.market.platform;
    const { platform } = await this.market.platform.data<{ platform: { publicKey: string } }>(
      '{ platform { publicKey } }',
    );
    const directory = new SiteDirectory(this.file(participantId));
    directory.create();
    const told: object[] = [];
    const node = {
      directory,
      identity: { signing },
      enrolment: { participantId, platformKey: platform.publicKey },
      client: new PlatformClient(url, { participantId, privateKey: signing.privateKey }),
      report: (event: string, facts = {}) => void told.push({ event, ...facts }),
    };
    await new LedgerLoop(node as unknown as SiteNode).step();
    return told;
  }

  /** Who counter-signed a day. */
  async signers(day: string): Promise<string[]> {
    const { platform, firms } = this.market;
    const answer = await platform.data<{ ledgerCountersignatures: Page<{ participantId: string }> }>(
      'query ($day: String!) { ledgerCountersignatures(day: $day) { edges { node { participantId } } } }',
      { day },
      firms.bystander.apiKey,
    );
    return nodes(answer.ledgerCountersignatures).map(({ participantId }) => participantId);
  }

  /** `gridcommons ledger …` as an organisation. */
  async as(firm: TestOrganisation, ...parameters: readonly string[]): Promise<Run> {
    const key = this.file(`${firm.organisationId}.key`);
    await writeFile(key, firm.apiKey);
    return run([
      'ledger',
      ...parameters,
      '--platform',
      this.market.platform.url,
      '--key-file',
      key,
      '--json',
    ]);
  }

  /** A copy of a file in which another text stands where the first fits. */
  async altered(name: string, from: string | RegExp, to: (text: string) => string): Promise<string> {
    const text = await readFile(this.file(name), 'utf8');
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`expected ${String(from)} in ${name}, got none`);
    const file = this.file(`altered-${name}`);
    await writeFile(file, changed);
    return file;
  }
}
