import { useState } from 'react';
import { useLocation } from 'wouter';
import { useChange } from '../api/use-api.ts';
import { graphql } from '../generated/gql.ts';
import type { DataOffersQuery } from '../generated/graphql.ts';
import { messages } from '../parts/messages.ts';
import { Failure } from '../parts/query-view.tsx';
import { priceText } from './price.ts';
import { TermsForm } from './terms-form.tsx';
import { TermsList } from './terms-list.tsx';
import type { OtherTerms } from './terms.ts';

const REQUEST = graphql(`
  mutation RequestNegotiation($input: RequestNegotiationInput!) {
    requestNegotiation(input: $input) {
      id
    }
  }
`);

export type Offer = DataOffersQuery['dataOffers']['edges'][number]['node'];
const words = messages.negotiation;

/** An offer with its terms; to ask for them, or for others, leads to the negotiation. */
export function OfferTerms({ offer, isOwn }: { readonly offer: Offer; readonly isOwn: boolean }) {
  const negotiation = useChange(REQUEST);
  const [isOpen, setOpen] = useState(false);
  const [, go] = useLocation();
  const ask = (terms: OtherTerms) =>
    negotiation.mutate(
      { input: { offerId: offer.id, consumerPid: `urn:uuid:${crypto.randomUUID()}`, ...terms } },
      { onSuccess: ({ requestNegotiation: { id } }) => go(`/exchange/negotiations/${id}`) },
    );
  return (
    <section aria-label={priceText(offer.price)} className="offer">
      <TermsList {...offer} />
      {!isOwn && !isOpen && (
        <div className="row">
          <button type="button" className="primary" disabled={negotiation.isPending} onClick={() => ask({})}>
            {words.asIs}
          </button>
          <button type="button" onClick={() => setOpen(true)}>
            {words.other}
          </button>
        </div>
      )}
      {!isOpen && negotiation.isError && <Failure error={negotiation.error} />}
      {isOpen && (
        <TermsForm
          standing={offer}
          error={negotiation.error}
          isPending={negotiation.isPending}
          send={ask}
          cancel={() => setOpen(false)}
        />
      )}
    </section>
  );
}
