/** From a screen to the sign-in page, and back to where one was going. */

/** Where signing in leads back to. Only a path of this service, never another address. */
export function signInFrom({ pathname, search }: Pick<URL, 'pathname' | 'search'>, hash = ''): string {
  const from = pathname + search + hash;
  return from === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(from)}`;
}

/** What of that page one was going to, as far as the address bar says: a screen's `load` may not ask its URL for it. */
export function hashOf({ pathname }: Pick<URL, 'pathname'>): string {
  return location.pathname === pathname ? location.hash : '';
}

/** The path that `to` names, if it is one of ours; My work if not. */
export function pathAfterSignIn(to: string | null, origin: string): string {
  if (!to?.startsWith('/') || !URL.canParse(to, origin)) return '/';
  const url = new URL(to, origin);
  return url.origin === origin ? url.pathname + url.search + url.hash : '/';
}
