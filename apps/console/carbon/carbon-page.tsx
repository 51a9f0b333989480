import { messages } from '../parts/messages.ts';
import { PeriodChoice } from '../parts/period-choice.tsx';
import { PageHead } from '../parts/query-view.tsx';
import { Certificates } from './certificates.tsx';
import { Intensity } from './intensity.tsx';
import { IntensityAhead } from './intensity-ahead.tsx';
import { Levers } from './levers.tsx';
import { OwnHours } from './own-hours-view.tsx';
import { PublishedTotals } from './published-totals.tsx';
import { Reports } from './reports.tsx';

const words = messages.carbon;
/** What one answer of the grid's hours holds. */
const DAYS_SHOWN = 28;

export function CarbonPage() {
  return (
    <>
      <PageHead title={words.title} intro={words.intro} />
      <PeriodChoice days={DAYS_SHOWN}>
        {(period) => (
          <>
            <Intensity period={period} />
            <IntensityAhead period={period} />
            <OwnHours period={period} />
            <PublishedTotals period={period} />
            <Reports period={period} />
          </>
        )}
      </PeriodChoice>
      <Levers />
      <Certificates />
    </>
  );
}
