/** For people: a line a flag. */
export const flagLines = (flags: readonly { readonly code: string; readonly message: string }[]): string[] =>
  flags.length === 0 ? [] : [flags.map(({ code, message }) => `${code}: ${message}`).join('\n')];
