import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { TRANSFER_STATES, type TransferState } from '#exchange';
import { connectionType } from '../pipeline/connection.ts';
import { InstantScalar } from '../pipeline/scalars.ts';

const StateEnum = Object.fromEntries(
  TRANSFER_STATES.filter((state) => state !== 'INIT').map((state) => [state, state]),
);
registerEnumType(StateEnum, {
  name: 'TransferState',
  description:
    'Of a transfer process of the Dataspace Protocol 2025-1; COMPLETED and TERMINATED are the last.',
});

@ObjectType('Transfer', {
  description:
    'A transfer process under an agreement. Its two parties see it, nobody else; every read asks the agreement itself.',
})
export class TransferType {
  @Field(() => ID, { description: "The provider's pid." }) id!: string;
  @Field(() => String, { description: "The consumer's own name of it." }) consumerPid!: string;
  @Field(() => ID) agreementId!: string;
  @Field(() => ID) consumerId!: string;
  @Field(() => ID) providerId!: string;
  @Field(() => String) format!: string;
  @Field(() => StateEnum) state!: TransferState;
  @Field(() => String, { nullable: true, description: 'Why it was suspended or terminated.' }) reasonCode!:
    string | null;
  @Field(() => String, { nullable: true }) reason!: string | null;
  @Field(() => InstantScalar) createdAt!: Date;
  @Field(() => InstantScalar) changedAt!: Date;
}

export const TransferConnection = connectionType(TransferType, 'Transfer');

@InputType()
export class RequestTransferInput {
  @Field(() => ID) agreementId!: string;
  @Field(() => String, {
    description: 'The same name with the same content is the same transfer; 1–200 visible ASCII characters.',
  })
  consumerPid!: string;
  @Field(() => String, { defaultValue: 'HttpData-PULL', description: 'HttpData-PULL is the only one.' })
  format!: string;
}

@ArgsType()
export class StopTransferArgs {
  @Field(() => ID) transferId!: string;
  @Field(() => String, { description: "1–64 letters, digits, '_', '.', ':' or '-'." }) code!: string;
  @Field(() => String, { nullable: true, description: 'At most 500 characters.' }) reason?: string | null;
}
