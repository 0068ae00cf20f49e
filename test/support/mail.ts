/** Mail servers that stand in for real ones, on this machine: they keep what they are handed. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Received = { to: string; text: string; id: string };

/** An SMTP server. `answers` decides on each recipient: nothing to take it, or the code to refuse it with. */
export async function startSmtp(answers: (to: string) => number | null = () => null) {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, done) {
      const code = answers(address);
      done(code === null ? null : Object.assign(new Error('Not here'), { responseCode: code }));
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const text = decoded(Buffer.concat(parts).toString());
        const id = /^Message-ID: (.*)$/im.exec(text)?.[1]?.trim() ?? '';
        received.push({ to: session.envelope.rcptTo[0]?.address ?? '', text, id });
        done();
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

/** GOV.UK Notify's two routes that we use; the token is checked as theirs is. */
export async function startNotify() {
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
      if (request.method === 'GET') {
        const status = statuses.get(request.url?.split('/').at(-1) ?? '');
        return status ? answer(200, { status }) : problem(404, 'No result found');
      }
      const refusal = refusals.shift();
      if (refusal) return problem(refusal, 'Exceeded send limits');
      sent.push(JSON.parse(Buffer.concat(parts).toString()) as Sent);
      statuses.set(`n${sent.length}`, 'sending');
      return answer(201, { id: `n${sent.length}` });
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

function isSigned(authorization: string): boolean {
  const [header, claims, signature] = authorization.replace('Bearer ', '').split('.');
  const wanted = createHmac('sha256', secret).update(`${header}.${claims}`).digest('base64url');
  const { iss } = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString() || '{}') as { iss?: string };
  return signature === wanted && iss === service;
}
