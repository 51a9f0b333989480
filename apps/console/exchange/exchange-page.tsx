import { Link, Route, Switch, useLocation } from 'wouter';
import { messages } from '../parts/messages.ts';
import { PageHead } from '../parts/query-view.tsx';
import { AgreementView } from './agreement-view.tsx';
import { Agreements } from './agreements.tsx';
import { Catalogue } from './catalogue.tsx';
import { DataSetView } from './data-set-view.tsx';
import { Invoices } from './invoices.tsx';
import { NegotiationView } from './negotiation-view.tsx';
import { Negotiations } from './negotiations.tsx';
import { Orders, ToPay } from './orders.tsx';
import { Shares } from './shares.tsx';
import { Wallet } from './wallet.tsx';

const words = messages.exchange;
/** A data set's own address is under the first. */
const PARTS = [
  ['/exchange', words.dataSets],
  ['/exchange/negotiations', words.negotiations],
  ['/exchange/agreements', words.agreements],
  ['/exchange/money', messages.money.title],
] as const;

export function ExchangePage() {
  return (
    <>
      <PageHead title={words.title} intro={words.intro} />
      <Parts />
      <Switch>
        <Route path="/exchange/negotiations" component={Negotiations} />
        <Route path="/exchange/negotiations/:id">{({ id }) => <NegotiationView key={id} id={id} />}</Route>
        <Route path="/exchange/agreements" component={Agreements} />
        <Route path="/exchange/agreements/:id">{({ id }) => <AgreementView key={id} id={id} />}</Route>
        <Route path="/exchange/money">
          <Wallet />
          <ToPay />
          <Orders />
          <Invoices />
          <Shares />
        </Route>
        <Route path="/exchange/:id">{({ id }) => <DataSetView key={id} id={id} />}</Route>
        <Route component={Catalogue} />
      </Switch>
    </>
  );
}

function Parts() {
  const [location] = useLocation();
  const shown = PARTS.findLast(([href]) => location.startsWith(href))?.[0];
  return (
    <nav aria-label={words.title} className="parts">
      <ul>
        {PARTS.map(([href, title]) => (
          <li key={href}>
            <Link href={href} aria-current={href === shown ? 'page' : undefined}>
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
