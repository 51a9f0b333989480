import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { InstantScalar } from '../pipeline/scalars.ts';

@ObjectType('JobStatus', { description: 'A kind of background job.' })
export class JobStatusType {
  @Field(() => String) name!: string;
  @Field(() => Int, {
    nullable: true,
    description: 'What the database says is to be done; null where only a caller knows.',
  })
  unfinished!: number | null;
  @Field(() => Int, { description: 'By this process since it started.' }) done!: number;
  @Field(() => Int, { description: 'As `done`; what failed is tried again.' }) failed!: number;
  @Field(() => InstantScalar, { nullable: true }) failedAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'Of the newest failure; the log has the rest.' })
  failureCode!: string | null;
}

@ObjectType('DatabaseHealth')
export class DatabaseHealthType {
  @Field(() => String, { description: 'embedded or server' }) engine!: string;
  @Field(() => Float, { description: 'A trivial transaction, just now.' }) milliseconds!: number;
  @Field(() => Int, { description: 'That have run; a start runs all that are missing or fails.' })
  migrations!: number;
  @Field(() => String) newestMigration!: string;
}

@ObjectType('PlatformHealth')
export class PlatformHealthType {
  @Field(() => DatabaseHealthType) database!: DatabaseHealthType;
  @Field(() => InstantScalar, { description: 'Of this process.' }) startedAt!: Date;
  @Field(() => InstantScalar, { description: 'What gates and issue times go by.' }) businessTime!: Date;
  @Field(() => InstantScalar, { description: 'What signatures go by.' }) wallTime!: Date;
  @Field(() => Boolean, { description: 'Whether this process runs the jobs; else a worker does.' })
  runsJobs!: boolean;
  @Field(() => [JobStatusType]) jobs!: readonly JobStatusType[];
}
