import { Field, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { CORRECTION_REASONS, type CorrectionReason } from '#market';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';

const CorrectionReasonEnum = Object.fromEntries(CORRECTION_REASONS.map((reason) => [reason, reason]));
registerEnumType(CorrectionReasonEnum, {
  name: 'CorrectionReason',
  description:
    'Why a statement comes after settlement; LATE_READING is for the first of a slot, and for no other.',
});

@InputType()
class DeliveryCorrectionInput {
  @Field(() => InstantScalar, { description: 'Start of a slot in which the participant traded.' })
  startsAt!: number;
  @Field(() => Int, {
    description: 'One more than the newest statement of the slot; 1 where there is none. At most 10.',
  })
  version!: number;
  @Field(() => CorrectionReasonEnum) reason!: CorrectionReason;
  @Field(() => SafeIntScalar) netImportWh!: number;
  @Field(() => SafeIntScalar) netExportWh!: number;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {interval: {end, start}, netExportWh, netImportWh, participant, reason, session, version} in context 'gridcommons/delivery-correction/1'.",
  })
  signature!: string;
}

@InputType({ description: 'Statements of traded slots after settlement, accepted or refused as a whole.' })
export class CorrectDeliveryStatementsInput {
  @Field(() => ID) sessionId!: string;
  @Field(() => [DeliveryCorrectionInput]) corrections!: DeliveryCorrectionInput[];
}
