/** Where a request comes from, for counting tries and sockets: past the proxies that are trusted, its client's address. */
import { BlockList, isIP } from 'node:net';

/** Proxies whose word is believed about whom they speak for. */
export type Proxies = { has: (address: string) => boolean };

/** An address, or a range of them like 10.0.0.0/8. A range of everybody is a mistake: anyone could then say anything. */
const range = /^(?<address>[^/\s]+?)(?:\/(?<bits>[1-9]\d{0,2}))?$/;

/**
 * The proxies on this machine and those named, addresses or ranges apart by commas; null where one
 * of them is neither.
 */
export function readProxies(named = ''): Proxies | null {
  const trusted = new BlockList();
  for (const each of ['127.0.0.0/8', '::1', ...named.split(',').filter((part) => part.trim())]) {
    const { address = '', bits } = range.exec(each.trim())?.groups ?? {};
    const family = isIP(address);
    const longest = family === 4 ? 32 : 128;
    if (family === 0 || Number(bits ?? longest) > longest) return null;
    trusted.addSubnet(address, Number(bits ?? longest), `ipv${family as 4 | 6}`);
  }
  return {
    has(address) {
      const family = isIP(address);
      return family !== 0 && trusted.check(address, `ipv${family as 4 | 6}`);
    },
  };
}

/** Those on this machine alone. */
export const ownMachine = readProxies() as Proxies;

/**
 * The address to count by. Each proxy adds to `x-forwarded-for` whom it speaks for, so it is read
 * from its end, and only as far as it was written by proxies that are trusted: anyone else could say
 * anything, and without it one guesser behind a proxy would spend everybody's tries. Where a trusted
 * proxy does not say, or says what is no address, it is the proxy's own.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, proxies: Proxies): string {
  const told = forwardedFor?.split(',') ?? [];
  let address = peer;
  while (proxies.has(address)) {
    const next = withoutPort(told.pop()?.trim() ?? '');
    if (isIP(next) === 0) return address;
    address = next;
  }
  return oneOf(address);
}

/** Some proxies add the port: 192.0.2.7:4711, [2001:db8::7]:4711. */
function withoutPort(told: string): string {
  return isIP(told) === 0 ? told.replace(/^\[?(.*?)\]?(:\d+)?$/, '$1') : told;
}

/** IPv4 is one address however it is written. Of IPv6 a line has 2^64 to choose from, which count as one. */
function oneOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped || isIP(address) !== 6) return mapped ?? address;
  const [head = [], tail = []] = address.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const between = Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0');
  return `${[...head, ...between, ...tail].slice(0, 4).join(':')}::/64`;
}
