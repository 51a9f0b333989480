import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, type PageArgs } from '../pipeline/connection.ts';
import { InstantScalar } from '../pipeline/scalars.ts';
import type { CatalogueChangeType as ChangeType } from './catalogue.entities.ts';
import { CarrierEnum, DataSetType, KindEnum } from './catalogue.types.ts';
import type { DataCarrier, DataKind } from './data-set.ts';

const TypeEnum = {
  LISTED: 'LISTED',
  VERSION_ADDED: 'VERSION_ADDED',
  OFFER_ADDED: 'OFFER_ADDED',
  OFFER_WITHDRAWN: 'OFFER_WITHDRAWN',
  RETIRED: 'RETIRED',
} as const satisfies { readonly [Type in ChangeType]: Type };
registerEnumType(TypeEnum, { name: 'CatalogueChangeType' });

@ObjectType('CatalogueChange', { description: 'What happened to a listed data set.' })
export class CatalogueChangeType {
  @Field(() => String, { description: 'Continue after it and miss nothing.' }) cursor!: string;
  @Field(() => TypeEnum) type!: ChangeType;
  @Field(() => ID) dataSetId!: string;
  @Field(() => ID, { description: 'The publisher.' }) organisationId!: string;
  @Field(() => CarrierEnum) carrier!: DataCarrier;
  @Field(() => KindEnum) kind!: DataKind;
  @Field(() => DataSetType, {
    nullable: true,
    description: 'As it is now; null once it is retired, but for who has an agreement about it.',
  })
  dataSet!: DataSetType | null;
  @Field(() => ID, { nullable: true, description: 'Of a new version.' }) versionId!: string | null;
  @Field(() => ID, { nullable: true, description: 'Of an offer added or withdrawn.' }) offerId!:
    string | null;
  @Field(() => InstantScalar) createdAt!: Date;
}
export const CatalogueChangeConnection = connectionType(CatalogueChangeType, 'CatalogueChange');

@ArgsType()
export class CatalogueChangesFilter {
  @Field(() => CarrierEnum, { nullable: true }) carrier?: DataCarrier | null;
  @Field(() => KindEnum, { nullable: true }) kind?: DataKind | null;
  @Field(() => [ID], { nullable: true }) organisationIds?: string[] | null;
}

@ArgsType()
export class CatalogueChangedArgs extends CatalogueChangesFilter {
  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the change before; absent: from now on.',
  })
  after?: string | null;
}

@ArgsType()
export class CatalogueChangesArgs extends CatalogueChangesFilter implements PageArgs {
  @Field(() => Int, { nullable: true, description: '1–100, default 20' }) first?: number | null;
  @Field(() => String, { nullable: true, description: 'the endCursor of the page before' }) after?:
    string | null;
}
