/** What GOV.UK Notify's REST API is documented to be asked and to answer: the same shapes, served on this machine. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createNotifyCarrier } from '#server/notice/notify.ts';
import { notifyKey } from '../support/mail.ts';

type Asked = {
  method?: string | undefined;
  url?: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
};

const letter = { id: 'a1b2', to: 'priya@example.org', subject: 'SI-2026-7KQ4', body: 'Sign in to read it.' };
const service = notifyKey.slice(-73, -37);
const secret = notifyKey.slice(-36);
/** As the service's documentation words them, for mail. */
const refusals = {
  address: [400, 'ValidationError', 'email_address Not a valid email address'],
  template: [400, 'BadRequestError', 'Template not found'],
  personalisation: [400, 'BadRequestError', 'Missing personalisation: body'],
  teamOnly: [400, 'BadRequestError', "Can't send to this recipient using a team-only API key"],
  trial: [
    400,
    'BadRequestError',
    "Can't send to this recipient when service is in trial mode - see https://www.notifications.service.gov.uk/trial-mode",
  ],
  clock: [403, 'AuthError', 'Error: Your system clock must be accurate to within 30 seconds'],
  key: [403, 'AuthError', 'Invalid token: API key not found'],
  rate: [429, 'RateLimitError', 'Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds'],
  day: [429, 'TooManyRequestsError', 'Exceeded send limits (250000) for today'],
  ours: [500, 'Exception', 'Internal server error'],
} as const satisfies Record<string, readonly [number, string, string]>;

describe('[M48] what GOV.UK Notify is asked, and what its answers mean', () => {
  const asked: Asked[] = [];
  let answers: { status: number; body: string }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method, url, headers } = request;
      asked.push({ method, url, headers, body: Buffer.concat(parts).toString() });
      const { status, body } = answers.shift() ?? { status: 500, body: '' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  const carrier = () =>
    createNotifyCarrier({
      apiKey: notifyKey,
      template: 'f33517ff-2a88-4f6e-b855-c550268ce08a',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
  const answer = (status: number, body: object) => answers.push({ status, body: JSON.stringify(body) });
  const notTaken = () => answer(200, { notifications: [], links: { current: '/v2/notifications?reference=a1b2' } });

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));
  beforeEach(() => {
    asked.length = 0;
    answers = [];
  });

  test('a mail: asked after by its reference, then posted, each with a token of the key', async () => {
    notTaken();
    answer(201, {
      id: '740e5834-3a29-46b4-9a6f-16142fde533a',
      reference: letter.id,
      content: {
        subject: letter.subject,
        body: letter.body,
        from_email: 'northbeck@notify',
        one_click_unsubscribe_url: null,
      },
      uri: 'https://api.notifications.service.gov.uk/v2/notifications/740e5834-3a29-46b4-9a6f-16142fde533a',
      template: { id: 'f33517ff-2a88-4f6e-b855-c550268ce08a', version: 1, uri: '/v2/template/f33517ff' },
    });
    const sent = await carrier().send(letter);
    expect(sent).toEqual({ state: 'sent', as: '740e5834-3a29-46b4-9a6f-16142fde533a' });
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /v2/notifications?reference=a1b2',
      'POST /v2/notifications/email',
    ]);
    expect(JSON.parse(asked[1]?.body ?? '')).toEqual({
      email_address: letter.to,
      template_id: 'f33517ff-2a88-4f6e-b855-c550268ce08a',
      reference: letter.id,
      personalisation: { subject: letter.subject, body: letter.body },
    });
    for (const { headers } of asked) {
      const [header = '', claims = '', signature] = (headers.authorization ?? '').replace('Bearer ', '').split('.');
      const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
      expect(read(header)).toEqual({ alg: 'HS256', typ: 'JWT' });
      const { iss, iat } = read(claims) as { iss: string; iat: number };
      expect(iss).toBe(service);
      expect(Math.abs(Date.now() / 1000 - iat)).toBeLessThan(30);
      expect(signature).toBe(createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url'));
    }
  });

  test('one that was taken before is not posted again', async () => {
    answer(200, { notifications: [{ id: 'n1', reference: letter.id, status: 'sending' }], links: {} });
    expect(await carrier().send(letter)).toEqual({ state: 'sent', as: 'n1' });
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['address', 'bounced'],
    ['template', 'held-up'],
    ['personalisation', 'held-up'],
    ['teamOnly', 'held-up'],
    ['trial', 'held-up'],
    ['clock', 'held-up'],
    ['key', 'held-up'],
    ['rate', 'again'],
    ['day', 'again'],
    ['ours', 'again'],
  ] as const)('what it says of the %s: %s', async (which, state) => {
    const [status, error, message] = refusals[which];
    notTaken();
    answer(status, { status_code: status, errors: [{ error, message }] });
    expect(await carrier().send(letter)).toEqual({
      state,
      problem: `Notify answered ${status}. ${error}: ${message}`,
    });
  });

  test('a key that it does not know holds mail up before anything is posted', async () => {
    const [status, error, message] = refusals.key;
    answer(status, { status_code: status, errors: [{ error, message }] });
    expect(await carrier().send(letter)).toMatchObject({ state: 'held-up' });
    expect(asked.map(({ method }) => method)).toEqual(['GET']);
    answers.push({ status: 403, body: '<html>Blocked</html>' });
    expect(await carrier().send(letter)).toEqual({ state: 'again', problem: 'Notify answered 403' });
  });

  test('an answer that is not Notify’s, of a proxy in between, is tried again', async () => {
    notTaken();
    answers.push({ status: 502, body: '<html>Bad gateway</html>' });
    expect(await carrier().send(letter)).toEqual({ state: 'again', problem: 'Notify answered 502' });
    notTaken();
    answers.push({ status: 201, body: '<html>Welcome</html>' });
    expect(await carrier().send(letter)).toMatchObject({ state: 'again' });
  });

  test.each([
    ['created', { state: 'sent' }],
    ['sending', { state: 'sent' }],
    ['delivered', { state: 'delivered' }],
    ['permanent-failure', { state: 'bounced', problem: 'permanent-failure' }],
    ['temporary-failure', { state: 'bounced', problem: 'temporary-failure' }],
    ['technical-failure', { state: 'bounced', problem: 'technical-failure' }],
  ])('asked after, %s means %o', async (status, means) => {
    answer(200, {
      id: 'n1',
      reference: letter.id,
      email_address: letter.to,
      type: 'email',
      status,
      completed_at: null,
    });
    expect(await carrier().ask?.('n1')).toEqual(means);
    expect(asked[0]?.url).toBe('/v2/notifications/n1');
  });

  test('of a mail that Notify keeps no longer, it says so', async () => {
    answer(404, { status_code: 404, errors: [{ error: 'NoResultFound', message: 'No result found' }] });
    await expect(carrier().ask?.('n1')).rejects.toThrow('Notify answered 404. NoResultFound: No result found');
  });
});
