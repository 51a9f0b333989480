import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Json } from '#core';
import type { Enforcement } from '#exchange';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import {
  DATA_CARRIERS,
  DATA_KINDS,
  type DataCarrier,
  type DataColumn,
  type DataFinding,
  type DataKind,
  type DataSetStatus,
  FINDING_SEVERITIES,
} from './data-set.ts';
import type { DataOfferStatus, DataSet } from './catalogue.entities.ts';

const named = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.replaceAll('-', '_').toUpperCase(), value]));
export const CarrierEnum = named(DATA_CARRIERS);
export const KindEnum = named(DATA_KINDS);
const StatusEnum = named<DataSetStatus>(['draft', 'listed', 'retired']);
const SeverityEnum = named(FINDING_SEVERITIES);
const EnforcementEnum = named<Enforcement>(['TECHNICAL', 'CONTRACTUAL']);
const OfferStatusEnum = named<DataOfferStatus>(['LISTED', 'UNLISTED', 'WITHDRAWN']);
registerEnumType(CarrierEnum, { name: 'DataCarrier' });
registerEnumType(KindEnum, { name: 'DataKind' });
registerEnumType(StatusEnum, {
  name: 'DataSetStatus',
  description:
    'A draft is seen by its publisher; listed by everybody; retired by its publisher and who has an agreement about it.',
});
registerEnumType(SeverityEnum, { name: 'DataFindingSeverity' });
registerEnumType(EnforcementEnum, {
  name: 'TermEnforcement',
  description: 'TECHNICAL: the platform refuses the read. CONTRACTUAL: the parties promise it.',
});
registerEnumType(OfferStatusEnum, {
  name: 'DataOfferStatus',
  description: 'UNLISTED: of its publisher alone, who offers it to whom it likes.',
});

@ObjectType('DataSet', { description: 'What an organisation describes of data it may share.' })
export class DataSetType {
  @Field(() => ID) id!: string;
  @Field(() => ID, { description: 'The publisher.' }) organisationId!: string;
  @Field(() => String, { description: "The publisher's own name of it." }) key!: string;
  @Field(() => String) title!: string;
  @Field(() => String) description!: string;
  @Field(() => [String]) keywords!: string[];
  @Field(() => CarrierEnum) carrier!: DataCarrier;
  @Field(() => KindEnum) kind!: DataKind;
  @Field(() => String) licence!: string;
  @Field(() => String, { nullable: true, description: 'ISO 8601 duration of a step.' }) resolution!:
    string | null;
  @Field(() => String, { description: 'IANA zone of its local days.' }) zone!: string;
  @Field(() => String, { nullable: true }) eic!: string | null;
  @Field(() => String, { nullable: true }) area!: string | null;
  @Field(() => StatusEnum) status!: DataSetStatus;
  @Field(() => InstantScalar) createdAt!: Date;
  @Field(() => InstantScalar, { nullable: true }) listedAt!: Date | null;
  @Field(() => InstantScalar, { nullable: true }) retiredAt!: Date | null;
}

export const toDataSet = ({ tenantId, ...fields }: DataSet): DataSetType => ({
  ...fields,
  organisationId: tenantId,
});
export const DataSetConnection = connectionType(DataSetType, 'DataSet');

@ObjectType('DataColumn')
@InputType('DataColumnInput')
export class DataColumnType implements DataColumn {
  @Field(() => String) name!: string;
  @Field(() => String, { nullable: true, description: 'Null of text.' }) unit!: string | null;
  @Field(() => String, { defaultValue: '' }) description!: string;
}

@ObjectType('DataFinding', { description: 'A doubt about the data, shown before anybody pays.' })
@InputType('DataFindingInput')
export class DataFindingType implements DataFinding {
  @Field(() => String) code!: string;
  @Field(() => SeverityEnum) severity!: DataFinding['severity'];
  @Field(() => SafeIntScalar, { description: 'Affected rows or intervals.' }) count!: number;
  @Field(() => String) message!: string;
}

@ObjectType('DataSetVersion', { description: 'One state of the data; written once.' })
export class DataSetVersionType {
  @Field(() => ID) id!: string;
  @Field(() => ID) dataSetId!: string;
  @Field(() => Int, { description: 'From 1 on.' }) number!: number;
  @Field(() => ID, { nullable: true }) previousVersionId!: string | null;
  @Field(() => String, { description: 'Merkle root over the SHA-256 of its chunks.' }) contentRoot!: string;
  @Field(() => Int) chunks!: number;
  @Field(() => SafeIntScalar) bytes!: number;
  @Field(() => InstantScalar) start!: Date;
  @Field(() => InstantScalar, { description: 'Exclusive.' }) end!: Date;
  @Field(() => [DataColumnType]) columns!: readonly DataColumn[];
  @Field(() => [DataFindingType]) findings!: readonly DataFinding[];
  @Field(() => JsonScalar, { description: 'Rows in the clear that the publisher chose to show.' })
  sample!: readonly (readonly (string | null)[])[];
  @Field(() => InstantScalar) createdAt!: Date;
}
export const DataSetVersionConnection = connectionType(DataSetVersionType, 'DataSetVersion');

@ObjectType('PolicyTerm')
export class PolicyTermType {
  @Field(() => String, { description: 'In plain words.' }) text!: string;
  @Field(() => EnforcementEnum) enforcement!: Enforcement;
}

@ObjectType('DataOffer', { description: 'On which terms a data set may be used.' })
export class DataOfferType {
  @Field(() => ID) id!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => ID) dataSetId!: string;
  @Field(() => JsonScalar, { description: 'ODRL 2.2.' }) policy!: object;
  @Field(() => String) policyHash!: string;
  @Field(() => [PolicyTermType]) terms!: PolicyTermType[];
  @Field(() => JsonScalar, { nullable: true, description: 'A price model; null: free of charge.' }) price!:
    object | null;
  @Field(() => InstantScalar) validFrom!: Date;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive; null: without an end.' })
  validUntil!: Date | null;
  @Field(() => OfferStatusEnum) status!: DataOfferStatus;
  @Field(() => InstantScalar) createdAt!: Date;
}
export const DataOfferConnection = connectionType(DataOfferType, 'DataOffer');

@ObjectType('DataSetFacet', { description: 'How many listed data sets have a value.' })
export class DataSetFacetType {
  @Field(() => String, { description: 'carrier, kind, organisationId, licence, resolution or area.' })
  facet!: string;
  @Field(() => String) value!: string;
  @Field(() => Int) count!: number;
}

@InputType()
export class DataSetDraftInput {
  @Field(() => String) title!: string;
  @Field(() => String, { defaultValue: '' }) description!: string;
  @Field(() => [String], { defaultValue: [] }) keywords!: string[];
  @Field(() => CarrierEnum) carrier!: DataCarrier;
  @Field(() => KindEnum) kind!: DataKind;
  @Field(() => String, { description: 'As in CC-BY-4.0, or a sentence.' }) licence!: string;
  @Field(() => String, { nullable: true, description: 'PT5M to PT1H, P1D, P1M, P1Y.' }) resolution?:
    string | null;
  @Field(() => String, { defaultValue: 'UTC' }) zone!: string;
  @Field(() => String, { nullable: true, description: 'Of an area or a metering point.' }) eic?:
    string | null;
  @Field(() => String, { nullable: true }) area?: string | null;
}

@InputType()
export class CreateDataSetInput extends DataSetDraftInput {
  @Field(() => String, { description: "Unique among the own; a–z, 0–9, '.', '_', '-'." }) key!: string;
}

@InputType()
export class AddDataSetVersionInput {
  @Field(() => ID) dataSetId!: string;
  @Field(() => String) contentRoot!: string;
  @Field(() => Int) chunks!: number;
  @Field(() => SafeIntScalar) bytes!: number;
  @Field(() => InstantScalar) start!: number;
  @Field(() => InstantScalar) end!: number;
  @Field(() => [DataColumnType]) columns!: DataColumnType[];
  @Field(() => [DataFindingType], { defaultValue: [] }) findings!: DataFindingType[];
  @Field(() => [[String]], { nullable: true, description: 'At most 20 rows of text, in the clear.' })
  sample?: string[][] | null;
}

@InputType()
export class OfferDataSetInput {
  @Field(() => ID) dataSetId!: string;
  @Field(() => JsonScalar, { description: 'ODRL 2.2 in the vocabulary of docs/EXCHANGE.md.' }) policy!: Json;
  @Field(() => JsonScalar, { nullable: true, description: 'A price model; absent: free of charge.' })
  price?: Json | null;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Shown to nobody; made to one organisation by offerNegotiation.',
  })
  unlisted!: boolean;
  @Field(() => InstantScalar, { nullable: true, description: 'Default: now.' }) validFrom?: number | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive.' }) validUntil?: number | null;
}

@ArgsType()
export class DataSetFilter {
  @Field(() => String, { nullable: true, description: 'Words, "phrases", or, -not.' }) search?: string | null;
  @Field(() => CarrierEnum, { nullable: true }) carrier?: DataCarrier | null;
  @Field(() => KindEnum, { nullable: true }) kind?: DataKind | null;
  @Field(() => [ID], { nullable: true }) organisationIds?: string[] | null;
  @Field(() => String, { nullable: true }) licence?: string | null;
  @Field(() => String, { nullable: true }) resolution?: string | null;
  @Field(() => String, { nullable: true }) area?: string | null;
}

@ArgsType()
export class DataSetsArgs extends DataSetFilter implements PageArgs {
  @Field(() => Int, { nullable: true, description: '1–100, default 20' }) first?: number | null;
  @Field(() => String, { nullable: true, description: 'the endCursor of the page before' }) after?:
    string | null;
}

@ArgsType()
export class OfDataSetArgs extends PageArgs {
  @Field(() => ID) dataSetId!: string;
}
