import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Json } from '#core';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { SafeIntScalar } from '../pipeline/scalars.ts';
import { CertificateReaderService } from './certificate-reader.service.ts';
import type { CertificateClaim, CertificateRow, CertificateShortfall, CertificateTransfer } from './certificates.entities.ts'; // prettier-ignore
import { CertificatesService } from './certificates.service.ts';
import {
  CertificateArgs,
  CertificateClaimConnection,
  CertificateClaimType,
  CertificateConnection,
  CertificateShortfallConnection,
  CertificateTransferConnection,
  CertificateTransferType,
  CertificateType,
  ClaimCertificateInput,
  IssueCertificateInput,
  TransferCertificateInput,
} from './certificates.types.ts';
import { whOf } from './registry-store.ts';

@Resolver(() => CertificateType)
export class CertificatesResolver {
  constructor(
    private readonly service: CertificatesService,
    private readonly reader: CertificateReaderService,
  ) {}

  @ResolveField(() => SafeIntScalar)
  quantityWh(@Parent() row: CertificateRow): number {
    return whOf(row);
  }

  @Mutation(() => CertificateType, {
    description:
      'Issues to an own participant what it exported in a settled slot and no trade or certificate has given away.',
  })
  issueCertificate(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { startsAt, ...input }: IssueCertificateInput,
  ): Promise<CertificateRow> {
    return this.service.issue(principal, { ...input, startMs: startsAt });
  }

  @Mutation(() => CertificateTransferType, {
    description: 'Passes an own certificate, or its first Wh, to a participant.',
  })
  transferCertificate(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { quantityWh = null, ...input }: TransferCertificateInput,
  ): Promise<CertificateTransfer> {
    return this.service.transfer(principal, { ...input, quantityWh });
  }

  @Mutation(() => CertificateClaimType, {
    description: 'Claims an own certificate, or its first Wh, for what its holder imported in the slot.',
  })
  claimCertificate(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { quantityWh = null, ...input }: ClaimCertificateInput,
  ): Promise<CertificateClaim> {
    return this.service.claim(principal, { ...input, quantityWh });
  }

  @Query(() => CertificateConnection, { description: "The own organisation's certificates, by time." })
  certificates(
    @CurrentPrincipal() principal: Principal,
    @Args() { state = null, kind = null, from = null, to = null, ...page }: CertificateArgs,
  ): Promise<Connection<CertificateRow>> {
    return this.reader.list(principal, { state, kind, fromMs: from, toMs: to }, page);
  }

  @Query(() => CertificateTransferConnection, { description: 'Made or received, in their order.' })
  certificateTransfers(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<CertificateTransfer>> {
    return this.reader.transfers(principal, page);
  }

  @Query(() => CertificateClaimConnection, { description: "The own organisation's, in their order." })
  certificateClaims(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<CertificateClaim>> {
    return this.reader.claims(principal, page);
  }

  @Query(() => CertificateShortfallConnection, {
    description: 'Own slots in which certificates say more than corrected meters.',
  })
  certificateShortfalls(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<CertificateShortfall>> {
    return this.reader.shortfalls(principal, page);
  }

  @Query(() => JsonScalar, {
    description:
      'An own certificate and every event behind it, back to its issue: a file for `gridcommons carbon certificates verify`.',
  })
  certificateLineage(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<Json> {
    return this.reader.lineage(principal, id);
  }
}
