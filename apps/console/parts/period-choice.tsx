import { type FormEvent, type ReactNode, useState } from 'react';
import { useApi } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import { formText } from './form-text.ts';
import { messages } from './messages.ts';
import { DAY_MS, daysBefore, instantsOf, isOrdered, type Period } from './period.ts';
import { QueryView } from './query-view.tsx';

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

const words = messages.period;
/** Beyond the newest delivery, where forecasts are. */
const DAYS_AHEAD = 3;

interface Chosen {
  /** How long it is at first. */
  readonly days: number;
  readonly children: (period: Period) => ReactNode;
}

/** Days around the newest delivery, which on a platform that replays a day is not about today, and others by choice. */
export function PeriodChoice(of: Chosen) {
  const newest = useApi(NEWEST, {});
  return (
    <QueryView query={newest}>
      {({ marketSessions: { edges } }) => (
        <Days {...of} until={edges[0] === undefined ? Date.now() : Date.parse(edges[0].node.startsAt)} />
      )}
    </QueryView>
  );
}

function Days({ days, until, children }: Chosen & { readonly until: number }) {
  const [chosen, choose] = useState(() => daysBefore(until + DAYS_AHEAD * DAY_MS, days));
  const [isRefused, refuse] = useState(false);
  const show = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const period = { from: formText(event.currentTarget, 'from'), to: formText(event.currentTarget, 'to') };
    refuse(!isOrdered(period));
    if (isOrdered(period)) choose(period);
  };
  return (
    <>
      <form onSubmit={show} className="card">
        <label>
          {words.from}
          <input type="date" name="from" defaultValue={chosen.from} required />
        </label>
        <label>
          {words.to}
          <input type="date" name="to" defaultValue={chosen.to} required />
        </label>
        <button type="submit" className="primary">
          {words.show}
        </button>
        {isRefused && (
          <p role="alert" className="bad">
            {words.unordered}
          </p>
        )}
      </form>
      {children(instantsOf(chosen))}
    </>
  );
}
