import { defineConfig } from 'vite';

/** The pages as static files in dist/console, which the platform serves under /console/. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  // `#core` and `#transcript` are their sources.
  resolve: { conditions: ['source'] },
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    target: 'es2023',
    // Charts are one lazy chunk of their own; the first view has none.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // Packages mark what runs in a browser only; everything here does.
      onLog: (level, log, handle) => log.code === 'MODULE_LEVEL_DIRECTIVE' || handle(level, log),
    },
  },
  server: {
    proxy: {
      '/graphql': { target: 'http://127.0.0.1:3000', ws: true },
      '/blobs': 'http://127.0.0.1:3000',
      '/invoices': 'http://127.0.0.1:3000',
      '/console/sign-in.json': 'http://127.0.0.1:3000',
    },
  },
});
