import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { finishSignIn, subjectOf } from '../api/identity-provider.ts';
import { ME } from '../api/me.ts';
import { ApiError, request } from '../api/request.ts';
import { useSession } from '../api/session.tsx';
import { messages } from '../parts/messages.ts';

const words = messages.identityProvider;

/** Who came back from the provider is signed in once the platform knows them; whom it does not know is told how to be linked. */
export function SignInAnswer() {
  const { signIn } = useSession();
  const token = useQuery<string, ApiError>({
    queryKey: ['token'],
    queryFn: finishSignIn,
    staleTime: Infinity,
  });
  const known = useQuery<unknown, ApiError>({
    queryKey: ['known', token.data],
    enabled: token.data !== undefined,
    queryFn: () => request(token.data ?? '', ME, {}),
  });
  useEffect(() => {
    if (known.isSuccess && token.data !== undefined) signIn(token.data);
  }, [known.isSuccess, token.data, signIn]);
  const error = token.error ?? known.error;
  if (error === null) return <p role="status">{words.checking}</p>;
  const { linkCode } = error.data;
  return (
    <div role="alert">
      <p className="bad">{messages.states.failed(error.code, error.message)}</p>
      {typeof linkCode === 'string' && token.data !== undefined && (
        <>
          <p>{words.unlinked}</p>
          <dl>
            <dt>{words.subject}</dt>
            <dd>
              <code>{subjectOf(token.data)}</code>
            </dd>
            <dt>{words.code}</dt>
            <dd>
              <code>{linkCode}</code>
            </dd>
          </dl>
        </>
      )}
    </div>
  );
}
