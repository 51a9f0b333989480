import { type FormEvent, useState } from 'react';
import { useChange } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { NegotiationQuery } from '../generated/graphql.ts';
import { formText } from '../parts/form-text.ts';
import { messages } from '../parts/messages.ts';
import { Failure } from '../parts/query-view.tsx';
import { type Party, type Step, stepsOf } from './next-steps.ts';
import { TermsForm } from './terms-form.tsx';

const ACCEPT = graphql(`
  mutation AcceptOffer($id: ID!) {
    acceptOffer(negotiationId: $id) {
      id
    }
  }
`);
const AGREE = graphql(`
  mutation Agree($id: ID!) {
    agree(negotiationId: $id) {
      id
    }
  }
`);
const VERIFY = graphql(`
  mutation VerifyAgreement($id: ID!) {
    verifyAgreement(negotiationId: $id) {
      id
    }
  }
`);
const FINALISE = graphql(`
  mutation FinaliseAgreement($id: ID!) {
    finaliseAgreement(negotiationId: $id) {
      id
    }
  }
`);
const COUNTER = graphql(`
  mutation CounterOffer($input: CounterOfferInput!) {
    counterOffer(input: $input) {
      id
    }
  }
`);
const TERMINATE = graphql(`
  mutation TerminateNegotiation($id: ID!, $code: String!, $reason: String) {
    terminateNegotiation(negotiationId: $id, code: $code, reason: $reason) {
      id
    }
  }
`);

const words = messages.negotiation;
type Negotiation = NegotiationQuery['negotiation'];
type Said = Exclude<Step, 'counter' | 'terminate'>;
const isSaid = (step: Step): step is Said => step !== 'counter' && step !== 'terminate';

/** What the own side may say next: yes, other terms, or no. */
export function NegotiationSteps({
  negotiation,
  party,
}: {
  readonly negotiation: Negotiation;
  readonly party: Party;
}) {
  const [open, setOpen] = useState<'counter' | 'terminate' | null>(null);
  const changes = {
    accept: useChange(ACCEPT),
    agree: useChange(AGREE),
    verify: useChange(VERIFY),
    finalise: useChange(FINALISE),
  };
  const steps = stepsOf(negotiation.state, party);
  const failed = Object.values(changes).find(({ isError }) => isError)?.error;
  const close = () => setOpen(null);
  return (
    <>
      <div className="row">
        {steps.filter(isSaid).map((step) => (
          <button
            key={step}
            type="button"
            className="primary"
            disabled={changes[step].isPending}
            onClick={() => changes[step].mutate({ id: negotiation.id })}
          >
            {words[step]}
          </button>
        ))}
        {(['counter', 'terminate'] as const)
          .filter((step) => steps.includes(step))
          .map((step) => (
            <button key={step} type="button" aria-expanded={open === step} onClick={() => setOpen(step)}>
              {words[step]}
            </button>
          ))}
      </div>
      {failed !== undefined && failed !== null && <Failure error={failed} />}
      {open === 'counter' && steps.includes('counter') && <Counter negotiation={negotiation} close={close} />}
      {open === 'terminate' && steps.includes('terminate') && <Ending id={negotiation.id} close={close} />}
    </>
  );
}

function Counter({ negotiation, close }: { readonly negotiation: Negotiation; readonly close: () => void }) {
  const counter = useChange(COUNTER);
  return (
    <TermsForm
      standing={negotiation}
      error={counter.error}
      isPending={counter.isPending}
      send={(terms) =>
        counter.mutate({ input: { negotiationId: negotiation.id, ...terms } }, { onSuccess: close })
      }
      cancel={close}
    />
  );
}

function Ending({ id, close }: { readonly id: string; readonly close: () => void }) {
  const ending = useChange(TERMINATE);
  const end = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const [code, reason] = [formText(form, 'code'), formText(form, 'reason')];
    ending.mutate({ id, code, reason: reason || null }, { onSuccess: close });
  };
  return (
    <form onSubmit={end} className="terms" aria-label={words.endTitle}>
      <label>
        {words.code}
        <input name="code" required maxLength={64} defaultValue="NOT_WANTED" spellCheck={false} />
      </label>
      <label>
        {words.reason}
        <input name="reason" maxLength={500} />
      </label>
      {ending.isError && <Failure error={ending.error} />}
      <div className="row wide">
        <button type="submit" className="primary" disabled={ending.isPending}>
          {words.endTitle}
        </button>
        <button type="button" onClick={close}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}
