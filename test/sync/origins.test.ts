/** [R32] Pages of other sites, told by every origin a browser or a forger may name: none opens a socket (T23). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshStore } from '../support/database.ts';
import { Client } from './support/client.ts';
import { openHouse, type House, type Person } from './support/house.ts';

let house: House;
let person: Person;
let room: string;
beforeAll(async () => {
  house = await openHouse(await freshStore('pglite'));
  person = await house.person('Amara');
  room = await house.room(person);
});
afterAll(() => house.close());

/** Each is near to the service's own origin, or is what a browser says of a page that has none. */
function hostile(own: string): string[] {
  const { host, hostname, port } = new URL(own);
  return [
    '',
    'null',
    'NULL',
    'undefined',
    '*',
    'about:blank',
    'about:srcdoc',
    'blob:null',
    `blob:${own}/1`,
    'data:text/html,x',
    'file:',
    'file://',
    'file:///etc/passwd',
    `file://${host}`,
    'chrome-extension://abcdefghijklmnop',
    'moz-extension://0',
    'https://evil.example',
    'http://evil.example',
    `https://${host}`,
    `ws://${host}`,
    `HTTP://${host}`,
    host,
    `//${host}`,
    `http://${hostname}`,
    `http://${hostname}:80`,
    `http://${hostname}:${Number(port) - 1}`,
    `http://${hostname}:0${port}`,
    `http://localhost:${port}`,
    `http://[::1]:${port}`,
    `http://2130706433:${port}`,
    `http://127.1:${port}`,
    `http://sub.${host}`,
    `http://www.${host}`,
    `${own}.evil.example`,
    `http://${hostname}.evil.example:${port}`,
    `http://evil${host}`,
    `http://evil.example/${host}`,
    `http://evil.example?${own}`,
    `http://evil.example#${own}`,
    `http://${host}@evil.example`,
    `http://user@${host}`,
    `${own}/`,
    `${own}/rooms`,
    `${own}%00`,
    `${own}, ${own}`,
    `${own} https://evil.example`,
    `http://${hostname}.:${port}`,
    'http://xn--cndour-jta.example',
    'http://cаndour.example'.normalize('NFC').replace('а', '%D0%B0'),
    `http://${hostname}\t:${port}`.replace('\t', '%09'),
  ];
}

test('[R32] no origin but the service’s own opens a socket, whoever’s cookie comes with it', async () => {
  const origins = hostile(house.address);
  expect(new Set(origins).size).toBeGreaterThanOrEqual(40);
  for (const origin of origins) {
    await expect(Client.open(house, room, person, { headers: { origin } }), origin).rejects.toThrow('HTTP 403');
  }
});

test('[R32] a browser that says the page is of another site is believed, whatever the origin', async () => {
  const from = (site: string) => Client.open(house, room, person, { headers: { 'sec-fetch-site': site } });
  await expect(from('cross-site')).rejects.toThrow('HTTP 403');
  await expect(from('same-site')).rejects.toThrow('HTTP 403');
  const own = await from('same-origin');
  expect(own.closed).toBeNull();
  own.close();
});
