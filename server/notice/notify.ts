/** Mail by GOV.UK Notify, over its HTTP API. */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Carried, Carrier, Delivered } from './carrier.ts';

type Options = {
  /** As Notify gives it: a name, the service's id and the secret, joined by hyphens. */
  apiKey: string;
  /** A template whose subject is `((subject))` and whose body is `((body))`. */
  template: string;
  /** Only a test gives another. */
  url?: string;
};

const sent = z.object({ id: z.string() });
const asked = z.object({ status: z.string() });
const held = z.object({ notifications: z.array(z.object({ id: z.string() })) });
const refused = z.object({ errors: z.array(z.object({ error: z.string(), message: z.string() })) });
/** Milliseconds to wait for an answer. */
const patience = 20_000;

/**
 * GOV.UK Notify's REST API, version 2: a GET and a POST a mail, then a GET to ask after it, authorised by a
 * JSON Web Token signed with the key's secret. A bounce is what it says of the address alone; a wrong
 * template, key or clock and a service on trial hold every mail up until whoever runs this service mends
 * that; too many at a time and its own faults pass, and the mail is tried again. Notify sends each POST it takes, also a second of one
 * reference: so before a mail is handed over, it is asked whether it was taken already by a process
 * that ended before it could mark it.
 */
export function createNotifyCarrier({
  apiKey,
  template,
  url = 'https://api.notifications.service.gov.uk',
}: Options): Carrier {
  const { service, secret } = partsOf(apiKey);

  async function call(path: string, body?: object): Promise<Response> {
    return fetch(`${url}/v2/notifications${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${tokenFor(service, secret)}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(patience),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  }

  return {
    async send({ id, to, subject, body }) {
      try {
        const known = await call(`?reference=${encodeURIComponent(id)}`);
        if (!known.ok) return await notTaken(known);
        const [taken] = held.parse(await known.json()).notifications;
        if (taken) return { state: 'sent', as: taken.id };
        const answer = await call('/email', {
          email_address: to,
          template_id: template,
          reference: id,
          personalisation: { subject, body },
        });
        if (answer.ok) return { state: 'sent', as: sent.parse(await answer.json()).id };
        return await notTaken(answer);
      } catch (error) {
        return { state: 'again', problem: (error as Error).message };
      }
    },
    async ask(as): Promise<Delivered> {
      const answer = await call(`/${encodeURIComponent(as)}`);
      if (!answer.ok) throw new Error(await problemOf(answer));
      const { status } = asked.parse(await answer.json());
      if (status === 'delivered') return { state: 'delivered' };
      return status.endsWith('-failure') ? { state: 'bounced', problem: status } : { state: 'sent' };
    },
  };
}

type Problem = z.infer<typeof refused>['errors'][number];

async function errorsOf(answer: Response): Promise<Problem[]> {
  const parsed = refused.safeParse(await answer.json().catch(() => null));
  return parsed.success ? parsed.data.errors : [];
}

/** What it means that Notify did not do what it was asked. */
async function notTaken(answer: Response): Promise<Carried> {
  const errors = await errorsOf(answer);
  const problem = sayProblem(answer, errors);
  if (answer.status === 400 && errors.some(isOfAddress)) return { state: 'bounced', problem };
  // Without errors in Notify's form it was something in between that answered.
  return { state: errors.length > 0 && isOfSetUp(answer.status) ? 'held-up' : 'again', problem };
}

/** What was sent, or who sends it, is wrong: the same would be answered to any mail. */
function isOfSetUp(status: number): boolean {
  return status === 400 || status === 401 || status === 403;
}

function sayProblem({ status }: Response, errors: readonly Problem[]): string {
  return [`Notify answered ${status}`, ...errors.map(({ error, message }) => `${error}: ${message}`)].join('. ');
}

async function problemOf(answer: Response): Promise<string> {
  return sayProblem(answer, await errorsOf(answer));
}

function isOfAddress({ error, message }: Problem): boolean {
  return error === 'ValidationError' && message.startsWith('email_address');
}

/** The last 36 characters are the secret, the 36 before them and a hyphen the service's id. */
function partsOf(key: string): { service: string; secret: string } {
  const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
  const [, service, secret] = new RegExp(`(${uuid})-(${uuid})$`).exec(key) ?? [];
  if (!service || !secret) throw new Error('Set NOTIFY_API_KEY to a whole key, as GOV.UK Notify shows it once.');
  return { service, secret };
}

/** RFC 7519: HMAC with SHA-256 over header and claims. Notify takes one for 30 seconds. */
function tokenFor(service: string, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const said = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iss: service, iat: Math.floor(Date.now() / 1000) })}`;
  return `${said}.${createHmac('sha256', secret).update(said).digest('base64url')}`;
}
