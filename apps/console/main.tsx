import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SessionProvider } from './api/session.tsx';
import { Shell } from './shell/shell.tsx';

const queries = new QueryClient({
  // A refusal stays one however often it is asked again; a platform that is away is tried by hand.
  defaultOptions: { queries: { retry: false, staleTime: 5_000 } },
});

const root = document.getElementById('root');
if (root === null) throw new Error('expected an element #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <Shell />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
