import { type FormEvent, useState } from 'react';
import { useSession } from '../api/session.tsx';
import { formText } from '../parts/form-text.ts';
import { messages } from '../parts/messages.ts';

const KEY = /^gck_[0-9A-Za-z_-]{8,200}$/;

export function SignIn() {
  const { signIn } = useSession();
  const [refusal, setRefusal] = useState<string | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = formText(event.currentTarget, 'key');
    if (KEY.test(key)) signIn(key);
    else setRefusal(messages.signIn.shape);
  };
  return (
    <main className="sign-in">
      <div className="card">
        <h1>
          {messages.product}: {messages.signIn.title}
        </h1>
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
      </div>
    </main>
  );
}
