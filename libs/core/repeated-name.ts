/** The first name that stands a second time in a list, for refusals that say which; undefined where each stands once. */
export function repeatedName(names: Iterable<string>): string | undefined {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}
