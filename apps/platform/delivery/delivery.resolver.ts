import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Connection } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { SafeIntScalar } from '../pipeline/scalars.ts';
import type { ReceivingKey } from './delivery.entities.ts';
import { DeliveriesService } from './deliveries.service.ts';
import { DeliveryGrantsService } from './delivery-grants.service.ts';
import {
  DeliveryGrantConnection,
  DeliveryGrantType,
  DeliveryType,
  EncryptedVersionType,
  GrantDeliveryInput,
  OfAgreementArgs,
  PublishEncryptedVersionInput,
  ReceivingKeyConnection,
  ReceivingKeyType,
} from './delivery.types.ts';
import { EncryptedVersionsService } from './encrypted-versions.service.ts';
import { ReceivingKeysService } from './receiving-keys.service.ts';

const ID_ARG = { type: () => ID } as const;
const MAX_READINGS_ARG = {
  type: () => SafeIntScalar,
  nullable: true,
  description: 'Refused where it holds more; needed where each reading costs something.',
} as const;

@Resolver()
export class DeliveryResolver {
  constructor(
    private readonly keys: ReceivingKeysService,
    private readonly versions: EncryptedVersionsService,
    private readonly grants: DeliveryGrantsService,
    private readonly deliveries: DeliveriesService,
  ) {}

  @Mutation(() => ReceivingKeyType, {
    description: 'By a participant: what deliveries to it are re-encrypted to. Roles: firm, market, analyst.',
  })
  async registerReceivingKey(
    @CurrentPrincipal() principal: Principal,
    @Args('publicKey', { type: () => String }) publicKey: string,
    @Args('signature', { type: () => String }) signature: string,
  ): Promise<ReceivingKeyType> {
    return toKey(await this.keys.register(principal, publicKey, signature));
  }

  @Query(() => ReceivingKeyConnection, {
    description: "Of an agreement's consumer, newest first, for its parties.",
  })
  async receivingKeys(
    @CurrentPrincipal() principal: Principal,
    @Args() { agreementId, ...page }: OfAgreementArgs,
  ): Promise<Connection<ReceivingKeyType>> {
    const { edges, pageInfo } = await this.keys.ofAgreement(principal, agreementId, page);
    return { pageInfo, edges: edges.map(({ cursor, node }) => ({ cursor, node: toKey(node) })) };
  }

  @Mutation(() => EncryptedVersionType, {
    description:
      'By a participant: how an own version is encrypted whose chunks are own blobs. The platform cannot open it. Role: firm.',
  })
  publishEncryptedVersion(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: PublishEncryptedVersionInput,
  ): Promise<EncryptedVersionType> {
    return this.versions.publish(principal, input);
  }

  @Query(() => EncryptedVersionType, {
    description: 'For its owner and for who has an agreement about its data set.',
  })
  encryptedVersion(
    @CurrentPrincipal() principal: Principal,
    @Args('versionId', ID_ARG) versionId: string,
  ): Promise<EncryptedVersionType> {
    return this.versions.get(principal, versionId);
  }

  @Mutation(() => DeliveryGrantType, {
    description:
      'By a participant of the provider: the key fragment for one version under an agreement in force. It is destroyed as the agreement ends. Role: firm.',
  })
  grantDelivery(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: GrantDeliveryInput,
  ): Promise<DeliveryGrantType> {
    return this.grants.grant(principal, input);
  }

  @Query(() => DeliveryGrantConnection, { description: 'Of an agreement, newest first, for its parties.' })
  deliveryGrants(
    @CurrentPrincipal() principal: Principal,
    @Args() { agreementId, ...page }: OfAgreementArgs,
  ): Promise<Connection<DeliveryGrantType>> {
    return this.grants.ofAgreement(principal, agreementId, page);
  }

  @Query(() => DeliveryType, {
    description:
      'A read by the consumer, checked and recorded as each chunk of it is: the capsule, re-encrypted. Roles: firm, market, analyst.',
  })
  openDelivery(
    @CurrentPrincipal() principal: Principal,
    @Args('agreementId', ID_ARG) agreementId: string,
    @Args('versionId', ID_ARG) versionId: string,
    @Args('maxReadings', MAX_READINGS_ARG) maxReadings: number | null,
  ): Promise<DeliveryType> {
    return this.deliveries.open(principal, { agreementId, versionId }, maxReadings ?? null);
  }
}

const toKey = ({ tenantId, ...key }: ReceivingKey): ReceivingKeyType => ({
  ...key,
  organisationId: tenantId,
});
