import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar } from '../pipeline/scalars.ts';

@ObjectType({ description: 'One version of a report with every input row, immutable.' })
export class PublishedReport {
  @Field(() => ID) id!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => InstantScalar) start!: Date;
  @Field(() => InstantScalar) end!: Date;
  @Field(() => Int) version!: number;
  @Field(() => String, { nullable: true, description: 'Hash of the version before.' })
  restates!: string | null;
  @Field(() => String, { description: 'Of the report.' }) hash!: string;
  @Field(() => String, { description: 'The document: GET /blobs/<blob>.' }) blob!: string;
  @Field(() => String) methodVersion!: string;
  @Field(() => InstantScalar) publishedAt!: Date;
}

export const PublishedReportConnection = connectionType(PublishedReport, 'PublishedReport');

@ArgsType()
export class PublishedReportArgs extends PageArgs {
  @Field(() => [ID], { nullable: true, description: 'Publishers; absent: all of the community.' })
  organisationIds?: string[] | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Periods that begin at or after.' }) from?:
    number | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Periods that begin before.' }) to?:
    number | null;
}
