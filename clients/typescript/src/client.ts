import { type Delivery, type OrderDraft, type Participant, signDelivery, signOrder } from './credentials.ts';
import * as documents from './documents.ts';
import { GridcommonsError } from './errors.ts';
import type {
  ClientCatalogueQueryVariables,
  ClientForecastPublishedSubscriptionVariables,
  ClientForecastsQueryVariables,
} from './generated/graphql.ts';
import { RETRY, type RetryPolicy } from './retry.ts';
import { type CursorOf, cursorOf, resuming } from './subscriptions.ts';
import { type CallOptions, Transport } from './transport.ts';
import { type Document, type Page, type Paged, textOf } from './typed-document.ts';

export interface ClientOptions {
  /** Of the platform, without `/graphql`. */
  readonly url: string;
  /** Of a member of the organisation. This or `token`. */
  readonly apiKey?: string;
  /** Of the identity provider; a function is asked before each try and socket, so that it may renew it. */
  readonly token?: string | (() => string | Promise<string>);
  /** Who signs orders and statements; without it they cannot be placed. */
  readonly participant?: Participant;
  /** Of each try of a request, 30 s unless told. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  /** Where the platform has no `WebSocket` (Node 20): that of the package `ws`. */
  readonly webSocket?: unknown;
  readonly fetch?: typeof fetch;
}

export interface MutationOptions extends CallOptions {
  /** 1–200 visible ASCII characters. Made for the call unless given: give one to repeat a call of an earlier process. */
  readonly idempotencyKey?: string;
  /** `participant`: the participant signs the request; some mutations are its alone. */
  readonly as?: 'member' | 'participant';
}

/** How many nodes a page has; more is refused. */
const PAGE = 100;

/** A platform, as a member of one organisation sees it. Keys stay in private fields: printing or serialising shows none. */
export class GridcommonsClient {
  readonly url: string;
  readonly #transport: Transport;
  readonly #bearer: () => Promise<string>;
  readonly #participant: Participant | undefined;
  readonly #retry: RetryPolicy;
  readonly #webSocket: unknown;

  /** @throws GridcommonsError CREDENTIALS_EXPECTED */
  constructor(options: ClientOptions) {
    this.url = options.url.replace(/\/+$/, '');
    this.#bearer = bearerOf(options);
    this.#participant = options.participant;
    this.#retry = { ...RETRY, ...options.retry };
    this.#webSocket = options.webSocket;
    this.#transport = new Transport({
      url: this.url,
      bearer: this.#bearer,
      timeoutMs: options.timeoutMs ?? 30_000,
      retry: this.#retry,
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    });
  }

  /** @throws GridcommonsError */
  query<R, V extends object>(document: Document<R, V>, variables: V, options: CallOptions = {}): Promise<R> {
    return this.#transport.graphql<R>({ query: textOf(document), variables }, options);
  }

  /** One key over all tries: it takes effect once however often it is sent. @throws GridcommonsError */
  async mutate<R, V extends object>(
    document: Document<R, V>,
    variables: V,
    { as = 'member', idempotencyKey = crypto.randomUUID(), ...options }: MutationOptions = {},
  ): Promise<R> {
    const participant = as === 'participant' ? this.#requireParticipant() : undefined;
    const asked = { query: textOf(document), variables };
    return this.#transport.graphql<R>(asked, { ...options, idempotencyKey, participant });
  }

  /**
   * Events until the platform ends it or `signal` does. Over a break nothing is missed and nothing comes twice where the document
   * has a variable `$after` and selects `cursor` (or `cursor` here says where to go on); else what happens meanwhile is lost.
   * @throws GridcommonsError
   */
  subscribe<R, V extends object>(
    document: Document<R, V>,
    variables: V,
    { signal, cursor = cursorOf }: { readonly signal?: AbortSignal; readonly cursor?: CursorOf<R> } = {},
  ): AsyncGenerator<R, void, undefined> {
    const connection = {
      url: this.url,
      bearer: this.#bearer,
      retry: this.#retry,
      webSocket: this.#webSocket,
    };
    const asked = { query: textOf(document), variables: variables as Record<string, unknown> };
    return resuming(connection, asked, cursor, signal);
  }

  /** Every node of a list, page by page as they are taken. `of` names the list in an answer. */
  async *pages<R, V extends object, N>(
    document: Document<R, V & Paged>,
    variables: V,
    of: (answer: R) => Page<N>,
    options: CallOptions = {},
  ): AsyncGenerator<N, void, undefined> {
    for (let after: string | null | undefined = null; ;) {
      const answer: R = await this.query(document, { ...variables, first: PAGE, after }, options);
      const { edges, pageInfo } = of(answer);
      for (const { node } of edges) yield node;
      if (!pageInfo.hasNextPage) return;
      after = pageInfo.endCursor;
    }
  }

  /** Who the key belongs to. */
  async me(options?: CallOptions) {
    return (await this.query(documents.ME, {}, options)).me;
  }

  products(options?: CallOptions) {
    return this.pages(documents.PRODUCTS, {}, (answer) => answer.forecastProducts, options);
  }

  /** In the order of publication; reading days under a price charges for them. */
  forecasts(filter: Omit<ClientForecastsQueryVariables, keyof Paged>, options?: CallOptions) {
    return this.pages(documents.FORECASTS, filter, (answer) => answer.forecasts, options);
  }

  /** Forecasts as they are published, from `after` on where it is given; `cursor` of an event is where to go on. */
  async *followForecasts(filter: ClientForecastPublishedSubscriptionVariables, signal?: AbortSignal) {
    const options = signal === undefined ? {} : { signal };
    for await (const { forecastPublished } of this.subscribe(documents.FORECAST_PUBLISHED, filter, options))
      yield forecastPublished;
  }

  /** Newest first. */
  sessions(options?: CallOptions) {
    return this.pages(documents.SESSIONS, {}, (answer) => answer.marketSessions, options);
  }

  /** The session as it is, then whenever it has changed. */
  async *followSession(sessionId: string, signal?: AbortSignal) {
    const options = signal === undefined ? {} : { signal };
    for await (const { marketSessionChanged } of this.subscribe(
      documents.SESSION_CHANGED,
      { sessionId },
      options,
    ))
      yield marketSessionChanged.session;
  }

  /** Signs and places at most 500 orders, all or none; the same again changes nothing. */
  async placeOrders(sessionId: string, drafts: readonly OrderDraft[], options?: Omit<MutationOptions, 'as'>) {
    const participant = this.#requireParticipant();
    const orders = await Promise.all(drafts.map((draft) => signOrder(participant, sessionId, draft)));
    const input = { sessionId, orders };
    return (await this.mutate(documents.PLACE_ORDERS, { input }, { ...options, as: 'participant' }))
      .submitOrders;
  }

  /** Signs and states what was delivered in traded slots. Only what was placed without a participant's node: that states its own. */
  async stateDeliveries(
    sessionId: string,
    metered: readonly Delivery[],
    options?: Omit<MutationOptions, 'as'>,
  ) {
    const participant = this.#requireParticipant();
    const statements = await Promise.all(metered.map((each) => signDelivery(participant, sessionId, each)));
    const input = { sessionId, statements };
    const stated = await this.mutate(
      documents.STATE_DELIVERIES,
      { input },
      { ...options, as: 'participant' },
    );
    return stated.submitDeliveryStatements;
  }

  /** Of the own organisation. */
  trades(sessionId: string, options?: CallOptions) {
    return this.pages(documents.TRADES, { sessionId }, (answer) => answer.marketTrades, options);
  }

  /** The newest settlement of each own participant. */
  settlements(sessionId: string, options?: CallOptions) {
    return this.pages(documents.SETTLEMENTS, { sessionId }, (answer) => answer.marketSettlements, options);
  }

  /** Listed data sets. */
  catalogue(filter: Omit<ClientCatalogueQueryVariables, keyof Paged> = {}, options?: CallOptions) {
    return this.pages(documents.CATALOGUE, filter, (answer) => answer.dataSets, options);
  }

  /** The file behind a download link, or a path like `/downloads/market-trades?…`; waits where too many are under way. */
  download(link: string, options: CallOptions = {}): Promise<Uint8Array> {
    const { pathname, search } = new URL(link, this.url);
    return this.#transport.bytes(pathname + search, options);
  }

  #requireParticipant(): Participant {
    if (this.#participant !== undefined) return this.#participant;
    throw new GridcommonsError(
      'PARTICIPANT_REQUIRED',
      'expected a client with a participant that signs, got none',
    );
  }
}

function bearerOf({ apiKey, token }: ClientOptions): () => Promise<string> {
  if (apiKey !== undefined && token === undefined) return () => Promise.resolve(apiKey);
  if (token !== undefined && apiKey === undefined)
    return async () => (typeof token === 'function' ? token() : token);
  throw new GridcommonsError('CREDENTIALS_EXPECTED', 'expected apiKey or token, got none or both');
}
