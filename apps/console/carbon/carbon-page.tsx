import { type FormEvent, useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { formText } from '../parts/form-text.ts';
import { messages } from '../parts/messages.ts';
import { PageHead, QueryView } from '../parts/query-view.tsx';
import { Certificates } from './certificates.tsx';
import { Intensity } from './intensity.tsx';
import { PublishedTotals } from './published-totals.tsx';
import { Reports } from './reports.tsx';

const words = messages.carbon;
const DAY_MS = 86_400_000;
/** What one answer of the grid's hours holds. */
const DAYS_SHOWN = 28;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const daysBefore = (endMs: number) => ({ from: dayOf(endMs - DAYS_SHOWN * DAY_MS), to: dayOf(endMs) });

const NEWEST = graphql(`
  query NewestDelivery {
    marketSessions(first: 1) {
      edges {
        node {
          startsAt
        }
      }
    }
  }
`);

/** Around the newest delivery, which on a platform that replays a day is not about today. */
export function CarbonPage() {
  const newest = useApi(NEWEST, {});
  return (
    <QueryView query={newest}>
      {({ marketSessions: { edges } }) => (
        <Days until={edges[0] === undefined ? Date.now() : Date.parse(edges[0].node.startsAt)} />
      )}
    </QueryView>
  );
}

function Days({ until }: { readonly until: number }) {
  const [days, setDays] = useState(() => daysBefore(until + 3 * DAY_MS));
  const period = { from: `${days.from}T00:00:00.000Z`, to: `${days.to}T00:00:00.000Z` };
  const show = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setDays({ from: formText(event.currentTarget, 'from'), to: formText(event.currentTarget, 'to') });
  };
  return (
    <>
      <PageHead title={words.title} intro={words.intro} />
      <form onSubmit={show} className="card">
        <label>
          {words.from}
          <input type="date" name="from" defaultValue={days.from} required />
        </label>
        <label>
          {words.to}
          <input type="date" name="to" defaultValue={days.to} required />
        </label>
        <button type="submit" className="primary">
          {words.show}
        </button>
      </form>
      <Intensity period={period} />
      <PublishedTotals period={period} />
      <Certificates />
      <Reports period={period} />
    </>
  );
}
