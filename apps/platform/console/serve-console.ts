import { existsSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** `npm run build` writes the pages there; this file runs from its source in tests, from dist otherwise. */
const ROOT = join(import.meta.dirname, '../../..');
const BUILT = [join(ROOT, 'console'), join(ROOT, 'dist/console')];

/** The pages may run nothing but their own files and reach nothing but this platform; styles of charts are set by script. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self' ws: wss:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the console under /console/ where it has been built; the platform is complete without. */
export function serveConsole(app: NestExpressApplication): void {
  const directory = BUILT.find((path) => existsSync(join(path, 'index.html')));
  if (directory === undefined) return;
  app.useStaticAssets(directory, {
    prefix: '/console/',
    index: 'index.html',
    setHeaders(response: ServerResponse, path: string) {
      response.setHeader('content-security-policy', POLICY);
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('referrer-policy', 'no-referrer');
      // Names of assets are hashes of what is in them.
      const isAsset = path.includes('/assets/');
      response.setHeader('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
