/** The address that tries and sockets are counted by, behind proxies that are trusted and for whoever claims to be one (T22). */
import { describe, expect, test } from 'vitest';
import { clientAddress, ownMachine, readProxies, type Proxies } from '#server/auth/address.ts';
import { readConfig } from '#server/config.ts';

const named = readProxies('10.0.0.5, 192.0.2.64/28, 2001:db8:5::/64') as Proxies;

describe('the address tries are counted by', () => {
  test.each([
    ['192.0.2.1', undefined, '192.0.2.1'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['127.0.0.1', '192.0.2.7', '192.0.2.7'],
    ['::ffff:127.0.0.1', '198.51.100.1, 192.0.2.7', '192.0.2.7'],
    ['::1', ' ', '::1'],
  ])('where no proxy is named: from %s, forwarded for %j, is %s', (peer, forwardedFor, address) => {
    expect(clientAddress(peer, forwardedFor, ownMachine)).toBe(address);
  });

  test.each([
    ['192.0.2.1', '198.51.100.7'],
    ['192.0.2.1', '127.0.0.1'],
    ['192.0.2.1', '198.51.100.7, 10.0.0.5'],
    ['192.0.2.80', '198.51.100.7'],
    ['10.0.0.6', '198.51.100.7'],
  ])('%s is no trusted proxy: what it says, %s, is not believed', (peer, forwardedFor) => {
    expect(clientAddress(peer, forwardedFor, named)).toBe(peer);
  });

  test.each([
    ['a proxy that is named', '10.0.0.5', '198.51.100.7', '198.51.100.7'],
    ['one in a range', '192.0.2.79', '198.51.100.7', '198.51.100.7'],
    ['one on IPv6', '2001:db8:5::1', '198.51.100.7', '198.51.100.7'],
    ['one whose address is written as IPv6', '::ffff:10.0.0.5', '198.51.100.7', '198.51.100.7'],
    ['proxies in a row', '127.0.0.1', '198.51.100.7, 192.0.2.65, 10.0.0.5', '198.51.100.7'],
    ['proxies in a row, of what somebody made up before them', '10.0.0.5', '203.0.113.9, 198.51.100.7', '198.51.100.7'],
    ['one that adds the port', '10.0.0.5', '198.51.100.7:4711', '198.51.100.7'],
    ['one that adds the port to IPv6', '10.0.0.5', '[2001:db8:1:2::7]:4711', '2001:db8:1:2::/64'],
  ])('by %s', (_what, peer, forwardedFor, address) => {
    expect(clientAddress(peer, forwardedFor, named)).toBe(address);
  });

  test.each([undefined, '', ',', 'unknown', '198.51.100.7, unknown', '198.51.100', '1e3', '[]:1', '198.51.100.7,'])(
    'where a trusted proxy says %j it is the proxy’s own',
    (forwardedFor) => {
      expect(clientAddress('10.0.0.5', forwardedFor, named)).toBe('10.0.0.5');
    },
  );

  test('of IPv6 all that one line may choose from count as one', () => {
    const counted = (address: string) => clientAddress(address, undefined, named);
    expect(counted('2001:db8:1:2:3:4:5:6')).toBe(counted('2001:db8:1:2::9'));
    expect(counted('2001:db8::9')).not.toBe(counted('2001:db8:0:1::9'));
    expect(counted('::ffff:198.51.100.7')).toBe('198.51.100.7');
  });
});

describe('CANDOUR_PROXIES', () => {
  test.each([
    'proxy.example.org',
    '10.0.0.5/33',
    '10.0.0.0/0',
    '10.0.0.0/',
    '10.0.0/8',
    '10.0.0.5 10.0.0.6',
    '::1/129',
  ])('is refused where it says %s, in words that say how to mend it', (text) => {
    expect(() => readConfig({ CANDOUR_PROXIES: text })).toThrow(/^Set CANDOUR_PROXIES to addresses or ranges/);
  });

  test('names proxies beside those on this machine', () => {
    const { proxies } = readConfig({ CANDOUR_PROXIES: ' 10.0.0.5 ,2001:db8:5::/64' });
    const trusted = ['127.0.0.1', '::1', '10.0.0.5', '2001:db8:5::2', '10.0.0.6', '2001:db8:6::2', 'nonsense'];
    expect(trusted.map((address) => proxies.has(address))).toEqual([true, true, true, true, false, false, false]);
  });
});
