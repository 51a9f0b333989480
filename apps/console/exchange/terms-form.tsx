import { type FormEvent, type InputHTMLAttributes, useId, useState } from 'react';
import { ApiError } from '../api/request.ts';
import { formText } from '../parts/form-text.ts';
import { messages } from '../parts/messages.ts';
import { Failure } from '../parts/query-view.tsx';
import { periodText } from './price.ts';
import { fieldOf, type OtherTerms, otherTerms, type Terms, type TermsFields, termsFields } from './terms.ts';

const words = messages.terms;
const KINDS = ['free', 'flat', 'perReading', 'subscription', 'revenueShare'] as const;
const PERIODS = ['P1D', 'P7D', 'P1M', 'P1Y'];

/** Other terms than those that stand, with each refusal beside the field that it is about. */
export function TermsForm({
  standing,
  error,
  isPending,
  send,
  cancel,
}: {
  readonly standing: Terms;
  readonly error: ApiError | null;
  readonly isPending: boolean;
  readonly send: (terms: OtherTerms) => void;
  readonly cancel: () => void;
}) {
  const fields = termsFields(standing);
  const [kind, setKind] = useState(fields.kind);
  const [said, setSaid] = useState<OtherTerms>({});
  const [noJson, setNoJson] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    try {
      const terms = otherTerms(written(event.currentTarget, fields), standing);
      setNoJson(false);
      setSaid(terms);
      send(terms);
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      setNoJson(true);
    }
  };
  const about = error === null ? null : fieldOf(error, said);
  const refused = noJson ? words.noJson : error && messages.states.failed(error.code, error.message);
  const refusalOf = (name: keyof TermsFields) => ((noJson ? 'policy' : about) === name ? refused : null);
  return (
    <form onSubmit={submit} noValidate className="terms" aria-label={words.title}>
      <label>
        {words.priceKind}
        <select name="kind" value={kind} onChange={({ target }) => setKind(target.value)}>
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {words.kinds[each]}
            </option>
          ))}
        </select>
        <Refusal text={refusalOf('kind')} />
      </label>
      <PriceInputs key={kind} kind={kind} fields={fields} refusalOf={refusalOf} />
      <ValidityInputs fields={fields} refusalOf={refusalOf} />
      <PolicyInputs fields={fields} refusalOf={refusalOf} />
      {error !== null && about === null && <Failure error={error} />}
      <div className="row wide">
        <button type="submit" className="primary" disabled={isPending}>
          {messages.negotiation.send}
        </button>
        <button type="button" onClick={cancel}>
          {messages.negotiation.cancel}
        </button>
      </div>
    </form>
  );
}

/** What the form says; of what it does not ask for, what was there. */
function written(form: HTMLFormElement, fields: TermsFields): TermsFields {
  const names = Object.keys(fields) as (keyof TermsFields)[];
  const text = (name: keyof TermsFields) =>
    form.elements.namedItem(name) === null ? fields[name] : formText(form, name);
  return Object.fromEntries(names.map((name) => [name, text(name)])) as unknown as TermsFields;
}

interface Inputs {
  readonly fields: TermsFields;
  readonly refusalOf: (name: keyof TermsFields) => string | null;
}

function ValidityInputs({ fields, refusalOf }: Inputs) {
  return (['validFrom', 'validUntil'] as const).map((name) => (
    <Field
      key={name}
      name={name}
      title={words[name]}
      refusal={refusalOf(name)}
      type="datetime-local"
      defaultValue={fields[name]}
    />
  ));
}

/** How often and for what; where the policy says more than that of uses and purposes, all of it. */
function PolicyInputs({ fields, refusalOf }: Inputs) {
  return (
    <>
      {fields.policy === '' ? (
        (['count', 'purposes'] as const).map((name) => (
          <Field
            key={name}
            name={name}
            title={words[name]}
            refusal={refusalOf(name)}
            placeholder={words.open}
            defaultValue={fields[name]}
          />
        ))
      ) : (
        <label className="wide">
          {words.policy}
          <textarea name="policy" rows={12} spellCheck={false} defaultValue={fields.policy} />
        </label>
      )}
      <Refusal text={refusalOf('policy')} />
    </>
  );
}

/** What the kind of price has; currencies are texts, so that the platform says which it does not know. */
function PriceInputs({ kind, fields, refusalOf }: Inputs & { readonly kind: string }) {
  if (kind === 'free') return null;
  const input = (name: 'amount' | 'share' | 'readings' | 'currency') => (
    <Field
      name={name}
      title={words[name]}
      refusal={refusalOf(name)}
      defaultValue={fields[name]}
      required
      inputMode={name === 'currency' ? 'text' : 'decimal'}
    />
  );
  return (
    <>
      {input(kind === 'revenueShare' ? 'share' : 'amount')}
      {input('currency')}
      {kind === 'perReading' && input('readings')}
      {kind === 'subscription' && (
        <label>
          {words.period}
          <select name="period" defaultValue={fields.period}>
            {PERIODS.map((each) => (
              <option key={each} value={each}>
                {periodText(each)}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}

function Field({
  title,
  refusal,
  ...input
}: InputHTMLAttributes<HTMLInputElement> & { readonly title: string; readonly refusal: string | null }) {
  const id = useId();
  const isRefused = refusal !== null;
  return (
    <div className="field">
      <label>
        {title}
        <input {...input} aria-invalid={isRefused} aria-describedby={isRefused ? id : undefined} />
      </label>
      <Refusal id={id} text={refusal} />
    </div>
  );
}

const Refusal = ({ id, text }: { readonly id?: string; readonly text: string | null }) =>
  text === null ? null : (
    <p id={id} role="alert" className="bad">
      {text}
    </p>
  );
