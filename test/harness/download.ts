import type { TestPlatform } from './platform.ts';

type Reached = Pick<TestPlatform, 'data'>;

/** A link of a field of GraphQL like `marketTradesDownload`, with its arguments as they stand in a document. */
export async function linkOf(
  { data }: Reached,
  field: string,
  args: string,
  apiKey: string,
): Promise<string> {
  const { link } = await data<{ link: { url: string } }>(`{ link: ${field}(${args}) { url } }`, {}, apiKey);
  return link.url;
}

/** The rows behind a link, fetched as CSV without credentials; what refused it where it was. */
export async function downloaded(
  platform: Reached,
  field: string,
  args: string,
  apiKey: string,
): Promise<string | Record<string, string>[]> {
  const response = await fetch(await linkOf(platform, field, `${args}, format: CSV`, apiKey));
  if (response.status !== 200) return refusalOf(response);
  const [head = '', ...lines] = (await response.text()).split('\r\n').slice(0, -1);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, n) => [names[n]!, cell])));
}

export async function refusalOf(response: Response): Promise<string> {
  const { errors } = (await response.json()) as { errors: [{ extensions: { code: string } }] };
  return `${response.status} ${errors[0].extensions.code}`;
}
