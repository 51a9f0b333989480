import { accessSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type ConsoleVisit, middleVisit, visitConsole } from '../../bench/console/visit.ts';
import { BuiltProcess } from './built-process.ts';
import { run } from './command-line.ts';

export const CHROMIUM = '/usr/bin/chromium';
/** What the pages looked like; kept for people to look at. */
const SCREENSHOTS = 'coverage/screenshots';

export const hasChromium = (): boolean => {
  try {
    accessSync(CHROMIUM);
    return true;
  } catch {
    return false;
  }
};

/** A page that somebody has signed in to, and what went wrong in it. */
export interface Visit {
  readonly page: Page;
  readonly faults: readonly string[];
}

/** The platform of a demo that has run to its end, and a browser before it. */
export class ConsoleBrowser {
  private constructor(
    readonly url: string,
    readonly operatorKey: string,
    private readonly directory: string,
    private readonly platform: BuiltProcess,
    private readonly browser: Browser,
  ) {}

  static async open(env: Readonly<Record<string, string>>): Promise<ConsoleBrowser> {
    const directory = await mkdtemp(join(tmpdir(), 'gridcommons-console-'));
    const world = join(directory, 'demo');
    const demo = await run(['demo', '--keep', world]);
    if (demo.exitCode !== 0) throw new Error(demo.stderr);
    const dataDir = join(world, 'platform');
    const platform = BuiltProcess.platform({ ...env, GRIDCOMMONS_DATA_DIR: dataDir, PORT: '0' });
    const listening = await platform.event(({ event }) => event === 'listening', 'its address');
    const key = (await readFile(join(dataDir, 'operator.key'), 'utf8')).trim();
    await mkdir(SCREENSHOTS, { recursive: true });
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    return new ConsoleBrowser(String(listening['url']), key, directory, platform, browser);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.platform.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** A new visitor at the sign-in. */
  async visit(options: BrowserContextOptions = {}): Promise<Visit> {
    const page = await this.browser.newPage({ viewport: { width: 1_280, height: 900 }, ...options });
    const faults: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (said) => said.type() === 'error' && faults.push(said.text()));
    await page.goto(`${this.url}/console/`);
    return { page, faults };
  }

  async signIn(apiKey: string, options?: BrowserContextOptions): Promise<Visit> {
    const visit = await this.visit(options);
    await visit.page.getByLabel('API key').fill(apiKey);
    await visit.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await visit.page.getByRole('navigation').waitFor();
    return visit;
  }

  /** The key of a firm that took part in the demo. */
  async memberKey(): Promise<string> {
    const sites = join(this.directory, 'demo', 'sites');
    const [name] = (await readdir(sites)).filter(
      (each) => each.includes('supermarket') && !each.includes('.'),
    );
    return (await readFile(join(sites, name!, 'admin.key'), 'utf8')).trim();
  }

  /** Of three visits by somebody who was never there, the one in the middle. */
  async firstView(): Promise<ConsoleVisit> {
    const visits: ConsoleVisit[] = [];
    for (let n = 0; n < 3; n++)
      visits.push(await visitConsole(this.browser, this.url, this.operatorKey, 'federation'));
    return middleVisit(visits);
  }

  /** Bytes of script, compressed as a server sends them, that the first view of a page needs. */
  async scriptBytes(): Promise<number> {
    const context = await this.browser.newContext();
    const page = await context.newPage();
    const bodies: Promise<Buffer>[] = [];
    page.on('response', (answer) => {
      if (answer.request().resourceType() === 'script') bodies.push(answer.body());
    });
    await page.addInitScript(`sessionStorage.setItem('gridcommons.apiKey', '${this.operatorKey}')`);
    await page.goto(`${this.url}/console/`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length);
    await context.close();
    return sizes.reduce((sum, size) => sum + size, 0);
  }
}

/** Through the navigation, until everything that was asked for is there. */
export async function goTo({ page }: Visit, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await settled(page);
}

/** Until nothing on the page says that it is loading. */
export async function settled(page: Page): Promise<void> {
  const loading = page.getByText('Loading…');
  while ((await loading.count()) > 0) await loading.first().waitFor({ state: 'detached' });
}

export const photograph = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });

/** What axe-core calls serious or critical: its rule, with the first elements it is about. */
export async function violations(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // By the debugger: the page's own policy admits no script but its files.
  await page.evaluate(source);
  const found = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  const { violations: rules } = found as {
    readonly violations: readonly { id: string; impact: string; nodes: readonly { html: string }[] }[];
  };
  return rules
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html.slice(0, 160))
          .slice(0, 3)
          .join(' | ')}`,
    );
}
