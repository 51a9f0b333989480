/** An API key, an enrolment token, a JSON web token or a private key, wherever in a text. */
const SECRETS =
  /\bgc[a-z]_[0-9a-f_]{8,}|\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?|-----BEGIN[^]*?(?:-----END[^\n]*|$)/g;

/** Whole values that are nothing but random letters. */
const RANDOM = /^(?:0x)?[0-9a-f]{32,}$|^[\w+=-]{40,}$/i;

/** Whether a value looks like a key rather than the name of something. */
export const looksSecret = (value: string): boolean =>
  value.search(SECRETS) >= 0 || /^(?:gc[a-z]_|bearer\s)/i.test(value) || RANDOM.test(value);

/** The text without what looks like a key in it. */
export const withoutSecrets = (text: string): string =>
  text.replaceAll(SECRETS, (secret) => `${secret.slice(0, 4)}…`);
