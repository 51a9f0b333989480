import type { TermEnforcement } from '../generated/graphql.ts';
import { messages } from '../parts/messages.ts';
import { priceText } from './price.ts';
import type { Terms } from './terms.ts';
import { validityText } from './validity.ts';

interface Term {
  readonly text: string;
  readonly enforcement: TermEnforcement;
}

const words = messages.terms;

/** Price and validity, then what the platform enforces, then what rests on a promise. */
export function TermsList({
  price,
  validFrom,
  validUntil,
  terms,
}: Terms & { readonly terms: readonly Term[] }) {
  const of = (wanted: TermEnforcement) => terms.filter(({ enforcement }) => enforcement === wanted);
  return (
    <>
      <p>
        <strong>{priceText(price)}</strong>{' '}
        <span className="soft">
          {messages.exchange.valid}: {validityText(validFrom, validUntil)}
        </span>
      </p>
      <Enforced kind="TECHNICAL" intro={words.technical} none={words.noTechnical} terms={of('TECHNICAL')} />
      <Enforced
        kind="CONTRACTUAL"
        intro={words.contractual}
        none={words.noContractual}
        terms={of('CONTRACTUAL')}
      />
    </>
  );
}

function Enforced({
  kind,
  intro,
  none,
  terms,
}: {
  readonly kind: TermEnforcement;
  readonly intro: string;
  readonly none: string;
  readonly terms: readonly Term[];
}) {
  return (
    <>
      <p className="enforcement">
        <span className={`badge ${kind === 'TECHNICAL' ? 'good' : 'warn'}`}>{kind}</span> {intro}
      </p>
      {terms.length === 0 ? (
        <p className="soft">{none}</p>
      ) : (
        <ul>
          {terms.map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </>
  );
}
