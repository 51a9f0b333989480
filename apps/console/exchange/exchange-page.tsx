import { Route, Switch } from 'wouter';
import { messages } from '../parts/messages.ts';
import { PageHead } from '../parts/query-view.tsx';
import { Agreements } from './agreements.tsx';
import { Catalogue } from './catalogue.tsx';
import { DataSetView } from './data-set-view.tsx';
import { Negotiations } from './negotiations.tsx';

export function ExchangePage() {
  return (
    <>
      <PageHead title={messages.exchange.title} intro={messages.exchange.intro} />
      <Switch>
        <Route path="/exchange/:id">{({ id }) => <DataSetView id={id} />}</Route>
        <Route>
          <Catalogue />
          <Negotiations />
          <Agreements />
        </Route>
      </Switch>
    </>
  );
}
