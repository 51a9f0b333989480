import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

/** A link of the navigation that says whether its page is shown. */
export function PageLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  const [location] = useLocation();
  const isShown = location === href || location.startsWith(`${href}/`);
  return (
    <Link href={href} aria-current={isShown ? 'page' : undefined}>
      {children}
    </Link>
  );
}
