import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { beginSignIn, findProvider, hasAnswer } from '../api/identity-provider.ts';
import { useSession } from '../api/session.tsx';
import { formText } from '../parts/form-text.ts';
import { messages } from '../parts/messages.ts';
import { SignInAnswer } from './sign-in-answer.tsx';

const KEY = /^gck_[0-9A-Za-z_-]{8,200}$/;

/** By the identity provider, where the platform has one, or by an API key. */
export function SignIn() {
  const [isBack] = useState(() => hasAnswer(location.search));
  return (
    <main className="sign-in">
      <div className="card">
        <h1>
          {messages.product}: {messages.signIn.title}
        </h1>
        {isBack && <SignInAnswer />}
        <ByProvider />
        <ByKey />
      </div>
    </main>
  );
}

function ByProvider() {
  const provider = useQuery({ queryKey: ['identity provider'], queryFn: findProvider });
  if (provider.isError)
    return (
      <p role="alert" className="bad">
        {provider.error.message}
      </p>
    );
  const { data = null } = provider;
  if (data === null) return null;
  return (
    <>
      <p className="soft">{messages.identityProvider.intro}</p>
      <button type="button" className="primary" onClick={() => void beginSignIn(data)}>
        {messages.identityProvider.submit}
      </button>
      <p className="soft or">{messages.identityProvider.or}</p>
    </>
  );
}

function ByKey() {
  const { signIn } = useSession();
  const [refusal, setRefusal] = useState<string | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = formText(event.currentTarget, 'key');
    if (KEY.test(key)) signIn(key);
    else setRefusal(messages.signIn.shape);
  };
  return (
    <>
      <p className="soft">{messages.signIn.intro}</p>
      <form onSubmit={submit}>
        <label>
          {messages.signIn.key}
          <input name="key" type="password" autoComplete="off" spellCheck={false} required />
        </label>
        {refusal !== null && (
          <p role="alert" className="bad">
            {refusal}
          </p>
        )}
        <button type="submit" className="primary">
          {messages.signIn.submit}
        </button>
      </form>
    </>
  );
}
