import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import type { Licence } from './forecast-terms.ts';
import type { ForecastSeries } from './forecast-series.ts';
import { ForecastSeriesScalar } from './forecasts.types.ts';

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

@ObjectType('ForecastAgreement', { description: 'Immutable. It costs nothing until a day of it is read.' })
export class ForecastAgreementType {
  @Field(() => ID) id!: string;
  @Field(() => ID) termsId!: string;
  @Field(() => ID) consumerId!: string;
  @Field(() => ID) publisherId!: string;
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => InstantScalar) endsAt!: Date;
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

@ObjectType('ForecastNotice', { description: 'What a page leaves out, and why.' })
export class ForecastNoticeType {
  @Field(() => String, { description: 'FORECAST_AGREEMENT_REQUIRED' }) code!: string;
  @Field(() => ID) termsId!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => InstantScalar) from!: Date;
  @Field(() => InstantScalar) to!: Date;
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
export class ForecastTermsArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) organisationId?: string | null;
  @Field(() => ForecastSeriesScalar, { nullable: true }) series?: ForecastSeries | null;
}
