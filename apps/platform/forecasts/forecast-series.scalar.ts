import { GraphQLScalarType, Kind } from 'graphql';
import { type ForecastSeries, requireSeries } from './forecast-series.ts';

/** A literal may be written as the enum it once was. */
export const ForecastSeriesScalar = new GraphQLScalarType<ForecastSeries, string>({
  name: 'ForecastSeries',
  description:
    'load, pv or net (consumption, generation behind the meter, consumption − generation); or the column of an intensity or a price, whose name ends in its unit: intensity_g_per_kwh, day_ahead_eur_per_mwh.',
  serialize: String,
  parseValue: (value) => requireSeries(String(value)),
  parseLiteral: (node) =>
    requireSeries(node.kind === Kind.STRING || node.kind === Kind.ENUM ? node.value : ''),
});
