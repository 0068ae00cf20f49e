/** Where a request comes from, for counting tries: through a proxy on this machine, its client's address. */

const loopback = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;

/** Whether an address is of this machine itself: somebody at it, or anybody behind a proxy that does not tell. */
export const isThisMachine = (address: string): boolean => loopback.test(address);

/**
 * The address to count tries by. What a proxy says of its client (the last of `x-forwarded-for`,
 * which it added itself) is believed only where the proxy runs on this machine: anyone else could
 * say anything, and without it one guesser behind the proxy would spend everybody's tries.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined): string {
  const told = forwardedFor?.split(',').at(-1)?.trim();
  return told && isThisMachine(peer) ? told : peer;
}
