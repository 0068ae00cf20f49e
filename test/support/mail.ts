/** Mail servers that stand in for real ones, on this machine: they keep what they are handed. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Received = { to: string; text: string; id: string };

/** Waited for once something was taken for good and before that is answered; `taken` counts from 1. */
type Hold = (taken: number) => Promise<void>;
const atOnce: Hold = async () => undefined;

/** An SMTP server. `answers` decides on each sender and recipient: nothing to take it, or the code to refuse it with. */
export async function startSmtp(answers: (to: string) => number | null = () => null, hold: Hold = atOnce) {
  const received: Received[] = [];
  const refused = (code: number | null) =>
    code === null ? null : Object.assign(new Error('Not here'), { responseCode: code });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onMailFrom: ({ address }, _session, done) => done(refused(answers(address))),
    onRcptTo: ({ address }, _session, done) => done(refused(answers(address))),
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const text = decoded(Buffer.concat(parts).toString());
        const id = /^Message-ID: (.*)$/im.exec(text)?.[1]?.trim() ?? '';
        received.push({ to: session.envelope.rcptTo[0]?.address ?? '', text, id });
        void hold(received.length).then(() => done());
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** Quoted-printable, as far as these mails need it. */
function decoded(text: string): string {
  return text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

const service = '11111111-2222-4333-8444-555555555555';
const secret = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
/** A key as GOV.UK Notify gives it. */
export const notifyKey = `stand-in-${service}-${secret}`;

type Sent = {
  email_address: string;
  template_id: string;
  reference: string;
  personalisation: { subject: string; body: string };
};

/** GOV.UK Notify's three routes that we use, answering as its documentation shows; the token is checked as theirs is. */
export async function startNotify(hold: Hold = atOnce) {
  const sent: Sent[] = [];
  const statuses = new Map<string, string>();
  /** What the next POST is answered with instead of being taken. */
  const refusals: number[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const answer = (status: number, body: object) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      };
      const problem = (status: number, message: string) =>
        answer(status, { status_code: status, errors: [{ error: 'BadRequestError', message }] });
      if (!isSigned(request.headers.authorization ?? '')) return problem(403, 'Invalid token: API key not found');
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://notify');
      const told = (index: number) => {
        const letter = sent[index];
        return letter && notification(letter, `n${index + 1}`, statuses.get(`n${index + 1}`) ?? '');
      };
      if (request.method === 'GET' && pathname === '/v2/notifications') {
        const reference = searchParams.get('reference');
        const found = sent.flatMap((letter, index) => (letter.reference === reference ? [told(index)] : []));
        return answer(200, { notifications: found, links: { current: `https://notify${request.url}` } });
      }
      if (request.method === 'GET') {
        const found = told(Number(/n(\d+)$/.exec(pathname)?.[1]) - 1);
        return found ? answer(200, found) : problem(404, 'No result found');
      }
      const refusal = refusals.shift();
      if (refusal) return problem(refusal, 'Exceeded send limits');
      const letter = JSON.parse(Buffer.concat(parts).toString()) as Sent;
      const count = sent.push(letter);
      statuses.set(`n${count}`, 'sending');
      return void hold(count).then(() => answer(201, taken(letter, `n${count}`)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    statuses,
    refusals,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const template = (id: string) => ({ id, version: 1, uri: `https://notify/v2/template/${id}` });

/** The documented answer to a mail that was taken. */
function taken({ reference, template_id, personalisation }: Sent, id: string): object {
  return {
    id,
    reference,
    content: { ...personalisation, from_email: 'northbeck@notify' },
    uri: `https://notify/v2/notifications/${id}`,
    template: template(template_id),
  };
}

/** The documented answer about one mail: what it is not is there, and null. */
function notification({ reference, email_address, template_id, personalisation }: Sent, id: string, status: string) {
  const nothing = Object.fromEntries(
    ['phone_number', 'line_1', 'line_2', 'line_3', 'line_4', 'line_5', 'line_6', 'line_7', 'postcode', 'postage'].map(
      (name) => [name, null],
    ),
  );
  return {
    id,
    reference,
    email_address,
    ...nothing,
    type: 'email',
    status,
    template: template(template_id),
    ...personalisation,
    created_by_name: null,
    created_at: '2026-11-23T10:30:00.000000Z',
    sent_at: '2026-11-23T10:30:02.000000Z',
    completed_at: null,
  };
}

function isSigned(authorization: string): boolean {
  const [header, claims, signature] = authorization.replace('Bearer ', '').split('.');
  const wanted = createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url');
  const { iss } = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString() || '{}') as { iss?: string };
  return signature === wanted && iss === service;
}
