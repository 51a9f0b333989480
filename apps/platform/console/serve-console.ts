import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OidcSettings } from '#config';
import { sendJson } from '../pipeline/plain-http.ts';
import { policyFor, signInBy } from './console-sign-in.ts';

/** `npm run build` writes the pages there; this file runs from its source in tests, from dist otherwise. */
const ROOT = join(import.meta.dirname, '../../..');
const BUILT = [join(ROOT, 'console'), join(ROOT, 'dist/console')];

/** Serves the console under /console/ where it has been built; the platform is complete without. */
export function serveConsole(app: NestExpressApplication, oidc: OidcSettings | undefined): void {
  const directory = BUILT.find((path) => existsSync(join(path, 'index.html')));
  if (directory === undefined) return;
  const policy = policyFor(oidc);
  app.use('/console/sign-in.json', (_request: IncomingMessage, response: ServerResponse) =>
    sendJson(response, 200, signInBy(oidc)),
  );
  app.useStaticAssets(directory, {
    prefix: '/console/',
    index: 'index.html',
    setHeaders(response: ServerResponse, path: string) {
      response.setHeader('content-security-policy', policy);
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('referrer-policy', 'no-referrer');
      // Names of assets are hashes of what is in them.
      const isAsset = path.includes('/assets/');
      response.setHeader('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
