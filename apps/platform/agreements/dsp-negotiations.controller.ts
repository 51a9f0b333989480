import type { ServerResponse } from 'node:http';
import { Controller, Get, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { DomainError } from '#core';
import type { Principal } from '../pipeline/principal.ts';
import { sendJson } from '../pipeline/plain-http.ts';
import type { PipelineRequest } from '../pipeline/request-pipeline.ts';
import type { Negotiation } from './agreements.entities.ts';
import { DspErrorFilter } from './dsp-error.filter.ts';
import {
  type Message,
  offerOf,
  requireCallback,
  stopOf,
  textOf,
  toNegotiation,
  uuidOf,
} from './dsp-messages.ts';
import { type Answer, answered, Connectors, messageOf, routeUnknown } from './dsp-request.ts';
import { NegotiationReader } from './negotiation-reader.service.ts';
import { NegotiationsService } from './negotiations.service.ts';

type Act = Answer<Negotiation>['act'];

/** Contract negotiation of the Dataspace Protocol 2025-1, HTTPS binding, paths of the provider: a foreign connector is the consumer. */
@Controller('dsp/negotiations')
@UseFilters(DspErrorFilter)
export class DspNegotiationsController {
  constructor(
    private readonly connectors: Connectors,
    private readonly negotiations: NegotiationsService,
    private readonly reader: NegotiationReader,
  ) {}

  @Post('request')
  async request(@Req() request: PipelineRequest, @Res() response: ServerResponse): Promise<void> {
    const connector = await this.connectors.of(request);
    const message = await messageOf(request, 'ContractRequestMessage');
    requireCallback(message);
    const { offerId, dataSetId, policy } = offerOf(message);
    const consumerPid = textOf(message, 'consumerPid');
    const asked = { offerId, dataSetId, policy, consumerPid, priceInPolicy: true };
    sendJson(response, 201, toNegotiation(await this.negotiations.request(connector, asked)));
  }

  @Get(':pid')
  async get(
    @Req() request: PipelineRequest,
    @Param('pid') pid: string,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const connector = await this.connectors.of(request);
    sendJson(response, 200, toNegotiation(await this.reader.get(connector, uuidOf(pid))));
  }

  @Post(':pid/agreement/verification')
  async verify(
    @Req() request: PipelineRequest,
    @Param('pid') pid: string,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const type = 'ContractAgreementVerificationMessage';
    const act: Act = (connector, id) => this.negotiations.verify(connector, id);
    await this.#answer(request, response, { pid, type, act });
  }

  @Post(':pid/:message')
  async answer(
    @Req() request: PipelineRequest,
    @Param('pid') pid: string,
    @Param('message') path: string,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const [type, act] = this.#messageAt(path);
    await this.#answer(request, response, { pid, type, act });
  }

  async #answer(
    request: PipelineRequest,
    response: ServerResponse,
    { pid, type, act }: { readonly pid: string; readonly type: string; readonly act: Act },
  ): Promise<void> {
    const find = (connector: Principal): Promise<Negotiation> => this.reader.get(connector, uuidOf(pid));
    sendJson(response, 200, toNegotiation(await answered(this.connectors, request, { type, find, act })));
  }

  /** @throws ROUTE_UNKNOWN */
  #messageAt(path: string): readonly [type: string, act: Act] {
    const { negotiations } = this;
    switch (path) {
      case 'request':
        return [
          'ContractRequestMessage',
          (connector, id, message) =>
            negotiations.counter(connector, id, { policy: offerOf(message).policy, priceInPolicy: true }),
        ];
      case 'events':
        return [
          'ContractNegotiationEventMessage',
          (connector, id, message) => {
            requireAccepted(message);
            return negotiations.accept(connector, id);
          },
        ];
      case 'termination':
        return [
          'ContractNegotiationTerminationMessage',
          (connector, id, message) => {
            const { code, reason } = stopOf(message);
            return negotiations.terminate(connector, id, code, reason);
          },
        ];
      default:
        throw routeUnknown('request, events, agreement/verification or termination');
    }
  }
}

/** The one event that a consumer may send. @throws DSP_EVENT */
function requireAccepted({ eventType }: Message): void {
  if (eventType === 'ACCEPTED') return;
  throw new DomainError('DSP_EVENT', 'expected eventType ACCEPTED, got another');
}
