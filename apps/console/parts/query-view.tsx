import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/request.ts';
import { isSignedOut, useSession } from '../api/session.tsx';
import { messages } from './messages.ts';

/** What a query answers, or that it is on its way, failed, or found nothing. */
export function QueryView<R>({
  query,
  isEmpty,
  empty = messages.states.empty,
  children,
}: {
  readonly query: UseQueryResult<R, ApiError>;
  readonly isEmpty?: (data: R) => boolean;
  readonly empty?: string;
  readonly children: (data: R) => ReactNode;
}) {
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <p role="status">{messages.states.loading}</p>;
  if (isEmpty?.(query.data) === true) return <p className="soft">{empty}</p>;
  return <>{children(query.data)}</>;
}

/** A refusal in the platform's words; of a key that is not valid any more a way out. */
export function Failure({ error, retry }: { readonly error: ApiError; readonly retry?: () => void }) {
  const { signOut } = useSession();
  return (
    <div role="alert" className="bad">
      <p>{messages.states.failed(error.code, error.message)}</p>
      {retry !== undefined && (
        <button type="button" onClick={retry}>
          {messages.states.retry}
        </button>
      )}{' '}
      {isSignedOut(error) && (
        <button type="button" onClick={signOut}>
          {messages.signIn.out}
        </button>
      )}
    </div>
  );
}

export function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export function PageHead({ title, intro }: { readonly title: string; readonly intro: string }) {
  return (
    <div>
      <h1>{title}</h1>
      <p className="soft">{intro}</p>
    </div>
  );
}

/** One number with its name. */
export function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <div className="soft">{name}</div>
      <div className="figure-number">{children}</div>
    </div>
  );
}
