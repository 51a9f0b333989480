import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import type { ApiError } from './request.ts';

interface Session {
  /** Or a token of the identity provider; null: nobody has signed in. */
  readonly apiKey: string | null;
  readonly signIn: (apiKey: string) => void;
  readonly signOut: () => void;
}

/** Until the tab is closed, and never in a cookie: no other page can make the browser send it. */
const STORED_AS = 'gridcommons.apiKey';

const SessionContext = createContext<Session | undefined>(undefined);

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [apiKey, setApiKey] = useState(() => sessionStorage.getItem(STORED_AS));
  const signIn = useCallback((key: string) => {
    sessionStorage.setItem(STORED_AS, key);
    setApiKey(key);
  }, []);
  const signOut = useCallback(() => {
    sessionStorage.removeItem(STORED_AS);
    setApiKey(null);
  }, []);
  const session = useMemo(() => ({ apiKey, signIn, signOut }), [apiKey, signIn, signOut]);
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('expected a SessionProvider above');
  return session;
}

const SIGNED_OUT = ['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'TOKEN_INVALID', 'IDENTITY_UNKNOWN'];
export const isSignedOut = ({ code }: ApiError): boolean => SIGNED_OUT.includes(code);
