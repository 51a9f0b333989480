import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Config } from '#config';
import { type Logger, nestLogger } from '#observability';
import { AppModule } from './app.module.ts';
import { serveConsole } from './console/serve-console.ts';
import { AuthenticationService } from './identity/authentication.service.ts';
import { pathsOnly, readOriginForm } from './pipeline/plain-http.ts';
import { RateLimiter } from './pipeline/rate-limiter.ts';
import { graphqlPipeline, streamPipeline } from './pipeline/request-pipeline.ts';

/** The platform, ready to listen. Both `npm start` and the tests start it here, so that they run one pipeline. */
export async function createPlatform(config: Config, logger: Logger): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config, logger), {
    // The pipeline reads bodies itself: signatures are over the raw bytes.
    bodyParser: false,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  const authentication = app.get(AuthenticationService);
  const rate = app.get(RateLimiter);
  app.disable('x-powered-by');
  readOriginForm(app.getHttpServer());
  app.use(pathsOnly(logger));
  app.use('/graphql', graphqlPipeline(authentication, config.limits.bodyBytes, logger));
  for (const path of [
    '/blobs',
    '/deliveries',
    '/forecasts',
    '/downloads',
    '/catalogue.jsonld',
    '/invoices',
  ]) {
    app.use(path, streamPipeline(authentication, rate, logger));
  }
  serveConsole(app, config.oidc);
  return app;
}
