import type { ServerResponse } from 'node:http';
import { Controller, Get, Param, Post, Req, Res, UseFilters } from '@nestjs/common';
import { DomainError } from '#core';
import type { Principal } from '../pipeline/principal.ts';
import { sendJson } from '../pipeline/plain-http.ts';
import type { PipelineRequest } from '../pipeline/request-pipeline.ts';
import type { Transfer } from './agreements.entities.ts';
import { DspErrorFilter } from './dsp-error.filter.ts';
import { type Message, requireCallback, stopOf, textOf, toTransfer, uuidOf } from './dsp-messages.ts';
import { type Answer, answered, Connectors, messageOf, routeUnknown } from './dsp-request.ts';
import { TransfersService } from './transfers.service.ts';

/** Transfer process of the Dataspace Protocol 2025-1, HTTPS binding, paths of the provider: a foreign connector is the consumer. */
@Controller('dsp/transfers')
@UseFilters(DspErrorFilter)
export class DspTransfersController {
  constructor(
    private readonly connectors: Connectors,
    private readonly transfers: TransfersService,
  ) {}

  @Post('request')
  async request(@Req() request: PipelineRequest, @Res() response: ServerResponse): Promise<void> {
    const connector = await this.connectors.of(request);
    const message = await messageOf(request, 'TransferRequestMessage');
    requireCallback(message);
    requirePull(message);
    const agreementId = uuidOf(textOf(message, 'agreementId'));
    const [consumerPid, format] = [textOf(message, 'consumerPid'), textOf(message, 'format')];
    const transfer = await this.transfers.request(connector, { agreementId, consumerPid, format });
    sendJson(response, 201, toTransfer(transfer));
  }

  @Get(':pid')
  async get(
    @Req() request: PipelineRequest,
    @Param('pid') pid: string,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const connector = await this.connectors.of(request);
    sendJson(response, 200, toTransfer(await this.transfers.get(connector, uuidOf(pid))));
  }

  @Post(':pid/:message')
  async answer(
    @Req() request: PipelineRequest,
    @Param('pid') pid: string,
    @Param('message') path: string,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const [type, act] = this.#messageAt(path);
    const find = (connector: Principal): Promise<Transfer> => this.transfers.get(connector, uuidOf(pid));
    sendJson(response, 200, toTransfer(await answered(this.connectors, request, { type, find, act })));
  }

  /** @throws ROUTE_UNKNOWN */
  #messageAt(path: string): readonly [type: string, act: Answer<Transfer>['act']] {
    const { transfers } = this;
    switch (path) {
      case 'start':
        return ['TransferStartMessage', (connector, id) => transfers.start(connector, id)];
      case 'completion':
        return ['TransferCompletionMessage', (connector, id) => transfers.complete(connector, id)];
      case 'suspension':
        return ['TransferSuspensionMessage', (by, id, message) => transfers.suspend(by, id, stopOf(message))];
      case 'termination':
        return [
          'TransferTerminationMessage',
          (by, id, message) => transfers.terminate(by, id, stopOf(message)),
        ];
      default:
        throw routeUnknown('start, completion, suspension or termination');
    }
  }
}

/** @throws DSP_DATA_ADDRESS: data is fetched here, never sent to an address */
function requirePull({ dataAddress }: Message): void {
  if (dataAddress === undefined) return;
  throw new DomainError('DSP_DATA_ADDRESS', 'expected no dataAddress for a pull transfer, got one');
}
