import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import type { Licence } from './forecast-terms.ts';
import type { ForecastSeries } from './forecast-series.ts';
import { ForecastSeriesScalar } from './forecast-series.scalar.ts';

const LicenceEnum = { TECHNICAL: 'TECHNICAL', CONTRACTUAL: 'CONTRACTUAL' } as const satisfies Record<
  Licence,
  Licence
>;
registerEnumType(LicenceEnum, {
  name: 'ForecastLicence',
  description:
    'TECHNICAL: the platform enforces the terms by what it shows. CONTRACTUAL: beside that the parties promise more to each other.',
});

@ObjectType('ForecastTerms', {
  description: "What a publisher asks for a local day of one series' forecasts. Without terms they are free.",
})
export class ForecastTermsType {
  @Field(() => ID) id!: string;
  @Field(() => ID, { description: 'The publisher.' }) organisationId!: string;
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => String, { description: 'Whose days are paid for.' }) zone!: string;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => InstantScalar) endsAt!: Date;
  @Field(() => SafeIntScalar, { description: 'Minor units.' }) pricePerDayMinor!: number;
  @Field(() => String, { description: 'ISO 4217' }) currency!: string;
  @Field(() => LicenceEnum) licence!: Licence;
  @Field(() => InstantScalar) createdAt!: Date;
}

@ObjectType('ForecastAgreement', { description: 'It costs nothing until a day of it is read.' })
export class ForecastAgreementType {
  @Field(() => ID) id!: string;
  @Field(() => ID) termsId!: string;
  @Field(() => ID) consumerId!: string;
  @Field(() => ID) publisherId!: string;
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => InstantScalar, { description: 'Where it was ended, if it was.' }) endsAt!: Date;
  @Field(() => Boolean, { description: 'By one of its sides, before the days that were agreed to.' })
  endedEarly!: boolean;
  @Field(() => SafeIntScalar) pricePerDayMinor!: number;
  @Field(() => String) currency!: string;
  @Field(() => InstantScalar) createdAt!: Date;
}

@ObjectType('ForecastCharge', { description: 'A delivery day that was read, charged once.' })
export class ForecastChargeType {
  @Field(() => ID) id!: string;
  @Field(() => ID) agreementId!: string;
  @Field(() => ID) consumerId!: string;
  @Field(() => ID) publisherId!: string;
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => InstantScalar) endsAt!: Date;
  @Field(() => SafeIntScalar) priceMinor!: number;
  @Field(() => String) currency!: string;
  @Field(() => String, { nullable: true, description: 'Whose released cohort has a share.' })
  taskCardHash!: string | null;
  @Field(() => InstantScalar) createdAt!: Date;
}

export const ForecastTermsConnection = connectionType(ForecastTermsType, 'ForecastTerms');
export const ForecastAgreementConnection = connectionType(ForecastAgreementType, 'ForecastAgreement');
export const ForecastChargeConnection = connectionType(ForecastChargeType, 'ForecastCharge');

@InputType({ description: 'Days are local dates of the zone, YYYY-MM-DD; the range is half-open.' })
export class OfferForecastsInput {
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => String, { description: 'IANA zone or fixed offset.' }) zone!: string;
  @Field(() => String) from!: string;
  @Field(() => String) to!: string;
  @Field(() => SafeIntScalar) pricePerDayMinor!: number;
  @Field(() => String) currency!: string;
  @Field(() => LicenceEnum, { defaultValue: 'TECHNICAL' }) licence!: Licence;
}

@ArgsType()
export class SubscribeForecastsArgs {
  @Field(() => ID) termsId!: string;
  @Field(() => String, { description: "First local day of the terms' zone, YYYY-MM-DD." }) from!: string;
  @Field(() => String, { description: 'Before this day.' }) to!: string;
}

@ArgsType()
export class EndForecastAgreementArgs {
  @Field(() => ID) agreementId!: string;
  @Field(() => String, {
    description: "First local day of the agreement's zone without it, YYYY-MM-DD; one that has not begun.",
  })
  from!: string;
}

@ArgsType()
export class ForecastTermsArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) organisationId?: string | null;
  @Field(() => ForecastSeriesScalar, { nullable: true }) series?: ForecastSeries | null;
}
