import { Injectable } from '@nestjs/common';
import { DomainError } from '#core';
import { AuthenticationService } from '../identity/authentication.service.ts';
import { type Principal, requirePrincipal } from '../pipeline/principal.ts';
import { originOf } from '../pipeline/plain-http.ts';
import { RateLimiter } from '../pipeline/rate-limiter.ts';
import { parseJson, type PipelineRequest, readBody } from '../pipeline/request-pipeline.ts';
import { requireStorable } from '../pipeline/request-text.ts';
import { type Message, readMessage, urn, uuidOf } from './dsp-messages.ts';

const MAX_MESSAGE_BYTES = 65_536;

/** Of a page of the catalogue, or a message, which writes. */
const MESSAGE_COST = 100;

/** Who speaks the Dataspace Protocol to this platform: holders of API keys, on the budget of their organisations. */
@Injectable()
export class Connectors {
  constructor(
    private readonly authentication: AuthenticationService,
    private readonly rate: RateLimiter,
  ) {}

  /** Of the API key that a connector sends as its Bearer token. @throws UNAUTHENTICATED, RATE_LIMITED */
  async of({ headers }: PipelineRequest): Promise<Principal> {
    const { authorization } = headers;
    const connector = requirePrincipal(
      authorization === undefined ? undefined : await this.authentication.byBearer(authorization),
    );
    await this.rate.take(connector, MESSAGE_COST);
    return connector;
  }
}

/** The message of a request; kept on it, so that a refusal can name the process it is about. @throws BODY_*, TEXT_INVALID, DSP_* */
export async function messageOf(request: PipelineRequest, type: string): Promise<Message> {
  request.body = parseJson(await readBody(request, MAX_MESSAGE_BYTES));
  requireStorable(request.body);
  return readMessage(request.body, type);
}

/** Of either kind, as far as both sides name it. */
interface Process {
  readonly id: string;
  readonly consumerId: string;
  readonly consumerPid: string;
}

/** What a message of a type does to the process that its path names. */
export interface Answer<P extends Process> {
  readonly type: string;
  readonly find: (connector: Principal) => Promise<P>;
  readonly act: (connector: Principal, id: string, message: Message) => Promise<P>;
}

/** The process after a message of its consumer. @throws UNAUTHENTICATED, BODY_*, DSP_*, PARTY_OTHER, PID_MISMATCH and what the two functions say */
export async function answered<P extends Process>(
  connectors: Connectors,
  request: PipelineRequest,
  { type, find, act }: Answer<P>,
): Promise<P> {
  const connector = await connectors.of(request);
  const message = await messageOf(request, type);
  const process = await find(connector);
  requireProcess(connector, process, message);
  return act(connector, process.id, message);
}

/** That a message is about the process that its path names, from the consumer of it. @throws PID_MISMATCH, `notFound` */
function requireProcess(principal: Principal, process: Process, { providerPid, consumerPid }: Message): void {
  // The provider of a process on this platform has no endpoint here that speaks for the other side.
  if (principal.organisationId !== process.consumerId) {
    throw new DomainError('PARTY_OTHER', 'expected the consumer, got the provider', 'forbidden');
  }
  const names = typeof providerPid === 'string' && uuidOf(providerPid) === process.id;
  if (names && consumerPid === process.consumerPid) return;
  throw new DomainError(
    'PID_MISMATCH',
    `expected consumerPid and providerPid of ${urn(process.id)}, got others`,
  );
}

/** Address of this binding. @throws HOST_MALFORMED */
export const baseOf = (request: PipelineRequest): string => `${originOf(request)}/dsp`;

export const routeUnknown = (expected: string): DomainError =>
  new DomainError('ROUTE_UNKNOWN', `expected ${expected}, got another path`, 'not-found');
