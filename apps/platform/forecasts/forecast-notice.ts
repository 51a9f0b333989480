import type { Missing } from './terms.service.ts';
import type { ForecastNoticeType } from './forecast-notice.types.ts';

export const toNotice = ({ terms, span }: Missing): ForecastNoticeType => ({
  code: 'FORECAST_AGREEMENT_REQUIRED',
  termsId: terms.id,
  organisationId: terms.tenantId,
  series: terms.series,
  from: new Date(span.startMs),
  to: new Date(span.endMs),
});
