/** From a screen to the sign-in page, and back to where one was going. */

/** Where signing in leads back to. Only a path of this service, never another address. */
export function signInFrom({ pathname, search }: Pick<URL, 'pathname' | 'search'>, hash = ''): string {
  const from = pathname + search + hash;
  return from === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(from)}`;
}

type Place = Pick<URL, 'pathname' | 'hash'>;
let bound: Place | null = null;

/** A link was followed: the address bar says so only once its screen is there. */
export function setOut(to: Place | null): void {
  bound = to;
}

/** What of that page one was going to: a screen's `load` may not ask its URL for it. */
export function hashOf({ pathname }: Pick<URL, 'pathname'>, at: Place = location): string {
  return [at, bound].find((place) => place?.pathname === pathname)?.hash ?? '';
}

/** The path that `to` names, if it is one of ours; My work if not. */
export function pathAfterSignIn(to: string | null, origin: string): string {
  if (!to?.startsWith('/') || !URL.canParse(to, origin)) return '/';
  const url = new URL(to, origin);
  return url.origin === origin ? url.pathname + url.search + url.hash : '/';
}
