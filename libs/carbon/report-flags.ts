/** Characters of what a report's flag is about, at most. */
const MAX_ABOUT = 500;

/** A flag is about `code: id, detail`, cut where it is long; another id that begins alike is another activity. */
export const isAbout = (about: string, id: string): boolean => {
  const of = about.slice(about.indexOf(': ') + 2);
  return of.startsWith(`${id}, `) || (about.length >= MAX_ABOUT && `${id}, `.startsWith(of));
};
