import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { ME } from '../api/me.ts';
import { useSession } from '../api/session.tsx';
import { useApi } from '../api/use-api.ts';
import icon from '../icon.svg';
import { messages } from '../parts/messages.ts';
import { Failure } from '../parts/query-view.tsx';
import { PageLink } from './page-link.tsx';
import { SignIn } from './sign-in.tsx';
import { ThemeChoice } from './theme-choice.tsx';

const page = <Name extends string>(
  load: () => Promise<Readonly<Record<Name, () => React.JSX.Element>>>,
  name: Name,
) => lazy(() => load().then((module) => ({ default: module[name] })));

const PAGES = {
  federation: page(() => import('../federation/federation-page.tsx'), 'FederationPage'),
  forecasts: page(() => import('../forecasts/forecasts-page.tsx'), 'ForecastsPage'),
  market: page(() => import('../market/market-page.tsx'), 'MarketPage'),
  carbon: page(() => import('../carbon/carbon-page.tsx'), 'CarbonPage'),
  exchange: page(() => import('../exchange/exchange-page.tsx'), 'ExchangePage'),
  admin: page(() => import('../admin/admin-page.tsx'), 'AdminPage'),
};
const NAMES = Object.keys(PAGES) as (keyof typeof PAGES)[];

/** Sign-in, then the pages; addresses are behind the `#`, so that any server of files will do. */
export function Shell() {
  const { apiKey } = useSession();
  if (apiKey === null) return <SignIn />;
  return (
    <Router hook={useHashLocation}>
      <a className="skip" href="#content" onClick={focusContent}>
        {messages.skip}
      </a>
      <div className="shell">
        <header>
          <span className="brand">
            <img src={icon} alt="" />
            {messages.product}
          </span>
          <nav aria-label={messages.product}>
            <ul>
              {NAMES.map((name) => (
                <li key={name}>
                  <PageLink href={`/${name}`}>{messages.pages[name]}</PageLink>
                </li>
              ))}
            </ul>
          </nav>
          <Who />
        </header>
        <main id="content" tabIndex={-1}>
          <Suspense fallback={<p role="status">{messages.states.loading}</p>}>
            <Switch>
              {NAMES.map((name) => (
                <Route key={name} path={`/${name}/*?`} component={PAGES[name]} />
              ))}
              <Route>
                <Redirect to="/federation" />
              </Route>
            </Switch>
          </Suspense>
        </main>
      </div>
    </Router>
  );
}

/** The address is the page's; the link moves the focus without changing it. */
function focusContent(event: React.MouseEvent): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function Who() {
  const { signOut } = useSession();
  const queries = useQueryClient();
  const me = useApi(ME, {});
  const leave = () => {
    // What one organisation has seen is not shown to the next.
    queries.clear();
    signOut();
  };
  return (
    <div className="who">
      <ThemeChoice />
      {me.isError && <Failure error={me.error} />}
      {me.data !== undefined && (
        <span>
          {me.data.me.organisation.name}
          <br />
          {me.data.me.roles.join(', ')}
        </span>
      )}
      <button type="button" onClick={leave}>
        {messages.signIn.out}
      </button>
    </div>
  );
}
