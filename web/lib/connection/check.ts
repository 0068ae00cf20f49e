/** What works from this network: requests, the websocket and the clock, each in words, with what to tell IT where it does not. */
import { isRefused, isWrong, readSession, takesSockets } from '../service.ts';

export type Check = { works: boolean; words: string; tellIt?: string };

/** Milliseconds to wait for a socket to open or be turned away. */
const patience = 8_000;
/** Milliseconds by which this device's clock may differ: more, and times on screen are wrong. */
const mostApart = 60_000;

export async function checkRequests(): Promise<Check> {
  const answer = await readSession();
  if (!isRefused(answer) && !isWrong(answer))
    return { works: true, words: 'This page reaches the service. You can read, comment and give positions.' };
  return {
    works: false,
    words: 'This page does not reach the service.',
    tellIt: `Let HTTPS requests to ${location.host} through, without changing them.`,
  };
}

/** A room that nobody has: the service turns it away with a word of its own, which only comes over a socket that opened. */
const nobodysRoom = '0'.repeat(32);

export async function checkSocket(origin: string): Promise<Check> {
  if (await opens(origin)) return { works: true, words: 'Live editing works from here.' };
  if (!(await takesSockets()))
    return {
      works: false,
      words: 'The service takes no more connections at the moment. Check again in a few minutes.',
    };
  return {
    works: false,
    words: 'Live editing does not work from here. You can still read, comment and give positions.',
    tellIt: `Let websockets to ${location.host} through (wss, port 443): the proxy must pass on the Upgrade header and leave the connection open.`,
  };
}

/** Whether a socket gets through to the service. */
function opens(origin: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/rooms/${nobodysRoom}`);
    const finish = (opened: boolean) => {
      clearTimeout(timer);
      socket.onopen = socket.onclose = socket.onerror = null;
      socket.close();
      resolve(opened);
    };
    const timer = setTimeout(() => finish(false), patience);
    socket.onopen = () => finish(true);
    // A close with a code of ours came through a socket that had opened.
    socket.onclose = ({ code }) => finish(code >= 4000);
  });
}

export async function checkTime(): Promise<Check> {
  const asked = Date.now();
  const answer = await readSession();
  if (isRefused(answer) || isWrong(answer))
    return { works: false, words: 'The service did not answer, so the time could not be compared.' };
  const apart = Date.parse(answer.service.now) - (asked + Date.now()) / 2;
  if (Math.abs(apart) <= mostApart) return { works: true, words: 'It agrees with the service.' };
  const minutes = Math.round(Math.abs(apart) / 60_000);
  const off = `${minutes} minute${minutes === 1 ? '' : 's'} ${apart > 0 ? 'behind' : 'ahead'}`;
  return {
    works: false,
    words: `It is ${off}. The record uses the service’s own time, so nothing is recorded wrongly.`,
    tellIt: `Set this device’s clock from a time server: it is ${off}.`,
  };
}
