import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import type { InvoiceKind } from './payments.entities.ts';

const InvoiceKindEnum = { INVOICE: 'INVOICE', CREDIT_NOTE: 'CREDIT_NOTE' } as const satisfies Record<
  InvoiceKind,
  InvoiceKind
>;
registerEnumType(InvoiceKindEnum, {
  name: 'InvoiceKind',
  description: 'CREDIT_NOTE: what is given back of an order.',
});

@ObjectType('Invoice', {
  description: 'amountMinor = feeMinor + sellerMinor. Both parties of the agreement see it, nobody else.',
})
export class InvoiceType {
  @Field(() => ID) id!: string;
  @Field(() => ID) orderId!: string;
  @Field(() => ID) agreementId!: string;
  @Field(() => ID) consumerId!: string;
  @Field(() => ID) providerId!: string;
  @Field(() => InvoiceKindEnum) kind!: InvoiceKind;
  @Field(() => Int, { description: 'Of the provider, from 1 without gaps.' }) number!: number;
  @Field(() => String) currency!: string;
  @Field(() => SafeIntScalar) amountMinor!: number;
  @Field(() => SafeIntScalar) feeMinor!: number;
  @Field(() => SafeIntScalar) sellerMinor!: number;
  @Field(() => InstantScalar) createdAt!: Date;
}

export const InvoiceConnection = connectionType(InvoiceType, 'Invoice');

@ArgsType()
export class InvoiceArgs {
  @Field(() => ID) orderId!: string;
  @Field(() => InvoiceKindEnum, { defaultValue: 'INVOICE' }) kind!: InvoiceKind;
}
